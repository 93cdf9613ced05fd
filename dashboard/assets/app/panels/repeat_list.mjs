/* Chains of repeat disputes of the area, in the rail: of a grid read when the rest of the page stands, above the grids
   when the list is opened; each opens its cases. */
import { make, makeButton } from '../core/dom.mjs';
import { number } from '../core/format.mjs';
import { fetchJson, query } from '../core/http.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';
import { debounced } from '../core/timers.mjs';
import { text } from '../core/words.mjs';

const AFTER_MS = 700;
const MOST = 20;

const box = () => document.getElementById('repeat-list');

/** What a chain says of itself. */
export function chainWords({ cases, span_days: days, span_m: metres }) {
  return text('js.repeat.row', {
    n: number(cases.length),
    days: number(Math.round(days)),
    metres: number(Math.round(metres)),
  });
}

function rowOf(chain) {
  const row = chain.list
    ? makeButton('area-row', null, { filterCases: chain.cases.join(',') })
    : make('div', 'area-row');
  const words = make('span', 'turn-words');
  words.append(make('span', 'area-name', chain.name), make('span', 'turn-by', chainWords(chain)));
  row.append(words, make('span', 'area-count', chain.open ? text('js.repeat.open', { n: number(chain.open) }) : ''));
  return row;
}

function contents(items) {
  if (!items.length) {
    return [make('p', 'state-hint', text('js.repeat.none'))];
  }
  const rest = items.length - MOST;
  const more = rest > 0 ? [make('p', 'state-hint', text('js.repeat.rest', { n: number(rest) }))] : [];
  return [...items.slice(0, MOST).map(rowOf), ...more];
}

function show(words, rows) {
  const list = box();
  if (list) {
    list.querySelector('.rail-size').textContent = words;
    list.querySelector('.repeat-rows').replaceChildren(...rows);
  }
}

export class RepeatList extends Part {
  #reading = null;
  #later = debounced(AFTER_MS, () => this.#read());

  connect(signal) {
    store.watch('scene', this.#later, signal);
    const toggled = ({ target }) => target === box() && target.open && this.#read();
    document.addEventListener('toggle', toggled, { signal, capture: true });
    signal.addEventListener('abort', () => this.#reading?.abort(), { once: true });
  }

  async #read() {
    const { scene } = store.state;
    this.#reading?.abort();
    if (!box() || !(scene?.leaf || box().open)) {
      return;
    }
    this.#reading = new AbortController();
    const { signal } = this.#reading;
    try {
      const { items } = await fetchJson(`/api/repeats${query({ area: scene.area })}`, { signal });
      show(number(items.length), contents(items));
    } catch {
      if (!signal.aborted) {
        show('', [make('p', 'state-hint', text('js.repeat.failed'))]);
      }
    }
  }
}
