/* The search box: an area by name, initials or code, a case by its number. */
import { setProps } from '../core/dash.mjs';
import { delegate, make } from '../core/dom.mjs';
import { fetchJson, query } from '../core/http.mjs';
import { Part } from '../core/part.mjs';
import { debounced } from '../core/timers.mjs';
import { text } from '../core/words.mjs';

const WAIT_MS = 150;
const box = () => document.getElementById('search');
const list = () => document.getElementById('search-results');
const options = () => [...list().querySelectorAll('.search-item')];

function close() {
  if (list()) {
    list().hidden = true;
    box().setAttribute('aria-expanded', 'false');
  }
}

export class Search extends Part {
  #page;
  #asking = null;
  #marked = -1;
  #found = [];

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    const ask = debounced(WAIT_MS, (words) => this.#ask(words));
    delegate('input', '#search', (input) => ask(input.value.trim()), { signal });
    delegate('focusout', '#search', close, { signal });
    delegate('keydown', '#search', (input, event) => this.#pressed(input, event), { signal });
  }

  async #ask(words) {
    this.#asking?.abort();
    if (!words) {
      close();
      return;
    }
    this.#asking = new AbortController();
    try {
      this.#found = (await fetchJson(`/api/search${query({ q: words })}`, { signal: this.#asking.signal })).items;
    } catch {
      return;
    }
    this.#draw();
  }

  #draw() {
    const rows = this.#found.map((found, place) => this.#row(found, place));
    list().replaceChildren(...(rows.length ? rows : [make('div', 'search-none', text('js.search.none'))]));
    list().hidden = false;
    box().setAttribute('aria-expanded', 'true');
    this.#mark(0);
  }

  #row(found, place) {
    const row = make('div', 'search-item');
    row.id = `search-item-${place}`;
    row.setAttribute('role', 'option');
    row.dataset.code = found.code || found.case_no;
    row.append(make('span', 'search-title', found.title), make('span', 'quiet', found.hint));
    row.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      this.#open(found);
    });
    return row;
  }

  #mark(place) {
    const rows = options();
    this.#marked = rows.length ? (place + rows.length) % rows.length : -1;
    rows.forEach((row, n) => row.setAttribute('aria-selected', String(n === this.#marked)));
    if (rows.length) {
      rows[this.#marked].scrollIntoView({ block: 'nearest' });
      box().setAttribute('aria-activedescendant', rows[this.#marked].id);
    }
  }

  #pressed(input, event) {
    if (event.key === 'Escape') {
      close();
      input.blur();
    } else if (!list().hidden && ['ArrowDown', 'ArrowUp'].includes(event.key)) {
      event.preventDefault();
      this.#mark(this.#marked + (event.key === 'ArrowDown' ? 1 : -1));
    } else if (!list().hidden && event.key === 'Enter' && options().length) {
      event.preventDefault();
      this.#open(this.#found[this.#marked]);
    }
  }

  #open(found) {
    close();
    box().blur();
    setProps('search', { value: '' });
    const { address } = this.#page;
    if (found.type === 'case') {
      address.openCase(found.case_no);
    } else {
      address.openArea(found.code);
    }
  }
}
