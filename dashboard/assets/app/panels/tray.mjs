/* How many cases are chosen, under the map; from here they go together. */
import { action } from '../core/dom.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';
import { text } from '../core/words.mjs';

export class Tray extends Part {
  #page;

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    action('open-bulk', () => this.#page.bulk.open(store.state.selection));
    action('clear-selection', () => store.select([]));
    store.watch('selection', () => this.draw(), signal);
  }

  pageMounted() {
    this.draw();
  }

  draw() {
    const tray = document.getElementById('tray');
    const chosen = store.state.selection.length;
    if (!tray) {
      return;
    }
    // beside a queue one chosen case is shown as well: there are boxes to choose it by
    tray.hidden = chosen < (this.#page.onDesk ? 1 : 2);
    tray.querySelector('.tray-count').textContent = text('js.tray.count', { n: chosen });
    const key = store.state.config?.user.role === 'dispatcher' ? 'js.tray.told' : 'js.remarks.told.box';
    tray.querySelector('.tray-told').textContent = text(key);
  }
}
