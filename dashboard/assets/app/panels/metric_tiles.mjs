/* Numbers are doors: a count opens exactly the list that it counted, through the address. */
import { bus } from '../core/bus.mjs';
import { action, delegate } from '../core/dom.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';

function markPressed() {
  const { list } = store.state;
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
    const open = ({ dataset }) =>
      address.navigate({ list: store.state.list === dataset.list ? null : dataset.list, case: null });
    delegate('click', 'button[data-list]', open, { signal });
    action('clear-list', () => address.navigate({ list: null }));
    store.watch('list', markPressed, signal);
    bus.on('rail-drawn', markPressed, signal);
  }
}
