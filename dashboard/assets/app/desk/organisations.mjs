/* While no case is open: who has how much in hand, the fullest first. */
import { bus } from '../core/bus.mjs';
import { make } from '../core/dom.mjs';
import { number } from '../core/format.mjs';
import { fetchJson, query } from '../core/http.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';
import { debounced } from '../core/timers.mjs';
import { text } from '../core/words.mjs';

const WAIT_MS = 600;
const box = () => document.getElementById('bodies-load');
const share = ({ capacity, open_load: load }) => (capacity ? load / capacity : 0);

function row({ name, capacity, open_load: load }) {
  const full = capacity && load >= capacity;
  const figures = text('js.load', { load: number(load), capacity: capacity ? number(capacity) : '–' });
  const words = full ? `${figures} · ${text('js.bulk.full')}` : figures;
  const bar = make('div', full ? 'load load-full' : 'load');
  const fill = make('div', 'load-fill');
  fill.style.width = `${Math.min(100, share({ capacity, open_load: load }) * 100)}%`;
  bar.append(fill);
  const element = make('div', 'body-row');
  element.append(make('span', 'body-name', name), make('span', 'quiet', words), bar);
  return element;
}

export class OrganisationLoads extends Part {
  #page;
  #read = debounced(WAIT_MS, () => this.#readAll());

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    store.watch(['area', 'case'], this.#read, signal);
    ['case', 'refresh'].forEach((event) => bus.on(event, this.#read, signal));
  }

  pageMounted() {
    this.#read();
  }

  async #readAll() {
    const { case: open, area } = store.state;
    if (!box() || !this.#page.onDesk || open) {
      return;
    }
    // the next change asks again
    const found = await fetchJson(`/api/bodies${query({ area })}`).catch(() => null);
    if (found && box()) {
      const rows = [...found.items].sort((a, b) => share(b) - share(a)).map(row);
      box().replaceChildren(...(rows.length ? rows : [make('p', 'state-hint', text('js.desk.no-bodies'))]));
    }
  }
}
