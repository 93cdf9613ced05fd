/* Another body than the first recommended is chosen with a reason: one key, Escape takes it back. */
import { bus } from '../core/bus.mjs';
import { delegate } from '../core/dom.mjs';
import { Part } from '../core/part.mjs';

const DIALOG = 'choice-dialog';

export class Choice extends Part {
  #page;
  #settle = null;

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    delegate('click', `#${DIALOG} [data-choice]`, (button) => this.#choose(button), { signal });
    document.addEventListener('keydown', (event) => this.#pressed(event), { signal, capture: true });
    bus.on('dialog-closed', ({ id }) => id === DIALOG && this.#answer(null), signal);
  }

  /** Whether the chosen body is another than the first; a list without a second has no choice. */
  get isNeeded() {
    return [...document.querySelectorAll('#assign-to input')].findIndex((option) => option.checked) > 0;
  }

  /** The code of the reason, null when it was taken back. */
  ask() {
    if (!document.getElementById(DIALOG)) {
      return Promise.resolve('other');
    }
    return new Promise((done) => {
      this.#settle = done;
      this.#page.dialogs.open(DIALOG);
      document.querySelector(`#${DIALOG} [data-choice]`).focus();
    });
  }

  #answer(code) {
    const settle = this.#settle;
    this.#settle = null;
    settle?.(code);
  }

  #choose(button) {
    this.#answer(button.dataset.choice);
    this.#page.dialogs.close();
  }

  #pressed(event) {
    const typed = event.isComposing || event.ctrlKey || event.metaKey || event.altKey;
    if (!this.#settle || typed || !/^[1-9]$/.test(event.key)) {
      return;
    }
    const button = document.querySelectorAll(`#${DIALOG} [data-choice]`)[Number(event.key) - 1];
    if (button) {
      event.preventDefault();
      event.stopPropagation();
      this.#choose(button);
    }
  }
}
