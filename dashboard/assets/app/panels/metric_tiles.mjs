/* Numbers are doors: a count opens exactly the list that it counted, through the address. */
import { bus } from '../core/bus.mjs';
import { delegate } from '../core/dom.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';

function markPressed() {
  const { list } = store.state.filter;
  for (const tile of document.querySelectorAll('[data-list]')) {
    tile.setAttribute('aria-pressed', String(Boolean(list) && tile.dataset.list === list));
  }
}

export class MetricTiles extends Part {
  #page;

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    const { address } = this.#page;
    const open = ({ dataset: { list } }) => address.filter(store.state.filter.list === list ? {} : { list });
    delegate('click', 'button[data-list]', open, { signal });
    store.watch('filter', markPressed, signal);
    bus.on('rail-drawn', markPressed, signal);
  }
}
