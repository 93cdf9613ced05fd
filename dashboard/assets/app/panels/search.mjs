/* The search in the bar; "/" leads to it. */
import { delegate } from '../core/dom.mjs';
import { Part } from '../core/part.mjs';
import { SearchBox } from './search_box.mjs';
import { SearchEntries } from './search_entries.mjs';

export class Search extends Part {
  #box;

  constructor(page) {
    super();
    const entries = new SearchEntries(page);
    this.#box = new SearchBox({ input: 'search', list: 'search-results', entries, leave: () => this.#clear() });
  }

  connect(signal) {
    this.#box.connect(signal);
    delegate('focusout', '#search', () => this.#box.close(), { signal });
  }

  #clear() {
    const { input } = this.#box;
    input.value = '';
    input.blur();
  }
}
