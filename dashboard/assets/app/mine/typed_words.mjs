/* What is being typed into a form of a case, kept on this device, so that a reload or an ended session does not lose
   it. */
import { remember, remembered } from '../core/dom.mjs';

export class TypedWords {
  #prefix;

  constructor(user) {
    this.#prefix = `gridboard.draft.${user}.`;
  }

  of(id) {
    return remembered(this.#prefix + id) || '';
  }

  keep(id, words) {
    if (words) {
      remember(this.#prefix + id, words);
    } else {
      window.localStorage.removeItem(this.#prefix + id);
    }
  }

  forget() {
    for (const name of Object.keys(window.localStorage)) {
      if (name.startsWith(this.#prefix)) {
        window.localStorage.removeItem(name);
      }
    }
  }
}
