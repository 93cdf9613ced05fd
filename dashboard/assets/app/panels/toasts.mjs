/* Short messages in the live region, with an undo that counts down where there is one. */
import { bus } from '../core/bus.mjs';
import { make, makeButton } from '../core/dom.mjs';
import { Part } from '../core/part.mjs';
import { text } from '../core/words.mjs';
import { failureWords } from './moves.mjs';

const MOST_SHOWN = 3;
/** The outputs of callbacks that do what was pressed: dashboard/ids.py. */
const TELLS = /-told\.data/;

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

function makeRegion() {
  const region = make('div', 'toast');
  region.id = 'toast';
  region.setAttribute('role', 'status');
  region.setAttribute('aria-live', 'polite');
  region.setAttribute('aria-atomic', 'false');
  return region;
}

export class Toasts extends Part {
  #region = makeRegion();
  #latest = null;

  connect(signal) {
    this.#place();
    bus.on('dialog-front', () => this.#place(), signal);
  }

  show(words, { bad = false, undo = null, seconds = 6 } = {}) {
    // a wall tells by its map and its numbers alone
    if (document.querySelector('.wall')) {
      return;
    }
    this.#place();
    const toast = new Toast(words, { bad, undo, seconds });
    if (undo) {
      this.#latest = toast;
    }
    this.#region.append(toast.element);
    while (this.#region.children.length > MOST_SHOWN) {
      this.#region.firstElementChild.remove();
    }
  }

  /** What is outside of an open dialog can't be pressed: the region stands in it, else in the body. It is made here
      because React must not find an element of its own elsewhere. */
  #place() {
    const place = document.querySelector('dialog[open]') ?? document.body;
    if (this.#region.parentElement !== place) {
      place.append(this.#region);
    }
  }

  /** What a callback of the server says about a press. The elements that were pressed are drawn anew with it: unless
      somebody went on meanwhile, the first of `focus` that is there has the keyboard then. */
  tell({ words, bad = false, focus = [] }) {
    if (words) {
      this.show(words, { bad });
    }
    requestAnimationFrame(() => {
      if (bad || document.activeElement === document.body) {
        const place = focus.map((id) => document.getElementById(id)).find(Boolean);
        place?.focus({ preventScroll: true });
      }
    });
  }

  /** A press that the server did not answer, or refused before any callback of ours: Dash itself says it in the
      console alone. */
  async tellFailure({ output }, { error }) {
    if (error && TELLS.test(output)) {
      // the renderer reads it too
      const answer = error.bodyUsed ? null : error.clone?.();
      const problem = await answer?.json().catch(() => undefined);
      this.show(failureWords({ status: error.status, problem }), { bad: true });
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
