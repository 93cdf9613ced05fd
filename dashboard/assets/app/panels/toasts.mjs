/* Short messages in the live region, with an undo that counts down where there is one. */
import { make, makeButton } from '../core/dom.mjs';
import { text } from '../core/words.mjs';

const MOST_SHOWN = 3;

class Toast {
  #undo;
  #left;
  #timer;
  #button = null;

  constructor(words, { bad, undo, seconds }) {
    this.#undo = undo;
    this.#left = seconds;
    this.element = make('div', bad ? 'toast-item bad' : 'toast-item');
    this.element.append(make('span', 'toast-words', words));
    if (undo) {
      this.#button = makeButton('toast-undo');
      this.#button.addEventListener('click', () => this.undo());
      this.element.append(this.#button);
      this.#count();
    }
    this.#timer = setInterval(() => this.#tick(), 1000);
  }

  get offersUndo() {
    return Boolean(this.#undo) && this.element.isConnected;
  }

  undo() {
    this.#end();
    this.#undo();
  }

  #tick() {
    this.#left -= 1;
    this.#count();
    if (this.#left <= 0) {
      this.#end();
    }
  }

  #count() {
    if (this.#button) {
      this.#button.textContent = text('js.undo', { n: this.#left });
    }
  }

  #end() {
    clearInterval(this.#timer);
    this.element.remove();
  }
}

export class Toasts {
  #latest = null;

  show(words, { bad = false, undo = null, seconds = 6 } = {}) {
    const region = document.getElementById('toast');
    if (!region) {
      return;
    }
    const toast = new Toast(words, { bad, undo, seconds });
    if (undo) {
      this.#latest = toast;
    }
    region.append(toast.element);
    while (region.children.length > MOST_SHOWN) {
      region.firstElementChild.remove();
    }
  }

  /** Takes the latest offer to undo; false when there is none. */
  undo() {
    if (!this.#latest?.offersUndo) {
      return false;
    }
    this.#latest.undo();
    return true;
  }
}
