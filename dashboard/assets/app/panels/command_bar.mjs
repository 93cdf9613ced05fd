/* ctrl-K: the search in a dialog of its own, on every page; empty, it lists what was used last and all there is. */
import { make } from '../core/dom.mjs';
import { Part } from '../core/part.mjs';
import { SearchBox } from './search_box.mjs';
import { SearchEntries } from './search_entries.mjs';

const INPUT = {
  id: 'command-words',
  type: 'text',
  role: 'combobox',
  autocomplete: 'off',
  spellcheck: 'false',
  maxlength: '100',
  'aria-expanded': 'true',
  'aria-controls': 'command-list',
  'aria-autocomplete': 'list',
};

const bar = () => document.getElementById('command-bar');

/** A fresh box each time: its words are kept for one opening only. */
function furnish() {
  const place = bar().querySelector('.command-box');
  const input = make('input', 'command-words');
  for (const [name, value] of Object.entries({ ...INPUT, placeholder: place.firstElementChild.textContent })) {
    input.setAttribute(name, value);
  }
  document.getElementById('command-words')?.remove();
  place.append(input);
  input.focus();
}

export class CommandBar extends Part {
  #page;
  #box;

  constructor(page) {
    super();
    this.#page = page;
    const leave = () => page.dialogs.close();
    const entries = new SearchEntries(page);
    this.#box = new SearchBox({ input: 'command-words', list: 'command-list', entries, stays: true, leave });
  }

  connect(signal) {
    this.#box.connect(signal);
  }

  open() {
    if (bar()) {
      this.#page.dialogs.open('command-bar');
      furnish();
      this.#box.typed();
    }
  }
}
