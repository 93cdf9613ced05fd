/* Says over the map, in the title and on every choice what is filtered; one press takes it back. */

import { bus } from '../core/bus.mjs';
import { action, delegate } from '../core/dom.mjs';
import { number } from '../core/format.mjs';
import { filterWords } from '../core/page_filter.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';
import { text } from '../core/words.mjs';

const SEPARATOR = ' · ';

function markChips() {
  for (const chip of document.querySelectorAll('.case-list .filter-chip')) {
    const { filter, value } = chip.dataset;
    chip.setAttribute('aria-pressed', String(store.state.filter[filter] === value));
  }
}

export class FilterBar extends Part {
  #page;
  #total = null;

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    const { address } = this.#page;
    const draw = () => this.#draw();
    action('clear-filter', () => address.clearFilter());
    const press = (chip) => address.toggleFilter(chip.dataset.filter, chip.dataset.value);
    delegate('click', '.case-list .filter-chip', press, { signal });
    store.watch(['filter', 'area'], () => this.#count(null), signal);
    store.watch(['config', 'scene'], draw, signal);
    bus.on('listed', ({ total }) => this.#count(total), signal);
  }

  pageMounted() {
    this.#draw();
  }

  #count(total) {
    this.#total = total;
    this.#draw();
  }

  #draw() {
    const words = filterWords();
    const { scene } = store.state;
    if (scene) {
      document.title = [...words, scene.title].join(SEPARATOR);
    }
    markChips();
    const bar = document.getElementById('filter-bar');
    if (bar) {
      bar.hidden = !words.length;
      bar.querySelector('.filter-words').textContent = words.join(SEPARATOR);
      const total = words.length && this.#total !== null ? text('js.filter.total', { n: number(this.#total) }) : '';
      bar.querySelector('.filter-total').textContent = total;
    }
  }
}
