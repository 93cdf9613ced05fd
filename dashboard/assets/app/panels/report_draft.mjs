/* What stands in the form of a report, as it is kept on the device: a draft (draft_store.mjs) under its own name. */
import { DraftStore, isEmpty } from './draft_store.mjs';

const NAME = 'report';

export class ReportDraft {
  #store = null;

  /** `user`: a promise of whose draft it is. */
  constructor(user) {
    this.ready = user.then(
      (name) => {
        this.#store = new DraftStore(name);
      },
      () => {},
    );
  }

  /** The draft, or null. */
  read() {
    const found = this.#store?.read(NAME, NAME);
    return found && !isEmpty(found) ? found : null;
  }

  write({ typed, chosen }) {
    this.#store?.write(NAME, NAME, { typed, chosen, isOpen: false });
  }

  remove() {
    this.#store?.remove(NAME, NAME);
  }
}
