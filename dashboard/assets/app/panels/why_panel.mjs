/* Why an area has its tier (dashboard/panels/why.py): of a grid asked for when the scene has been read, above the grids
   when it is opened, and again with the scene. A bar is a door: it filters list, map and title, and shows what counts
   for it. */
import { bus } from '../core/bus.mjs';
import { noUpdate, registerCallbacks, setProps } from '../core/dash.mjs';
import { delegate } from '../core/dom.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';
import { debounced } from '../core/timers.mjs';

const DRAWN_MS = 60;
const PLACE_ZOOM = 16;

const panel = () => document.getElementById('why');

const isOpen = () => Boolean(panel()?.parentElement.open);

/** The pressed bar, and what is behind it. */
function showChosen() {
  const { factor, cases } = store.state.filter;
  for (const door of document.querySelectorAll('#why .why-door')) {
    door.setAttribute('aria-pressed', String(door.dataset.factor === factor));
  }
  for (const items of document.querySelectorAll('#why .why-items')) {
    items.hidden = items.dataset.items !== factor;
  }
  for (const door of document.querySelectorAll('[data-filter-cases]')) {
    door.setAttribute('aria-pressed', String(door.dataset.filterCases === cases));
  }
}

export class WhyPanel extends Part {
  #page;
  #asked = null;
  #observer = new MutationObserver(debounced(DRAWN_MS, () => this.#drawn()));

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    const { address } = this.#page;
    registerCallbacks({ why: (held) => this.#held(held) });
    store.watch('scene', (scene) => scene?.leaf && this.#ask(scene), signal);
    store.watch('filter', showChosen, signal);
    bus.on('rail-drawn', () => this.#railDrawn(), signal);
    document.addEventListener('toggle', ({ target }) => this.#toggled(target), { signal, capture: true });
    delegate('click', '#why .why-door', ({ dataset }) => this.#toggle('factor', dataset.factor), { signal });
    delegate('click', '[data-filter-cases]', ({ dataset }) => this.#toggle('cases', dataset.filterCases), {
      signal,
    });
    delegate('click', '#why [data-open-case]', ({ dataset }) => address.navigate({ case: dataset.openCase }), {
      signal,
    });
    delegate('click', '#why [data-at]', ({ dataset }) => this.#goTo(dataset.at), { signal });
    signal.addEventListener('abort', () => this.#observer.disconnect(), { once: true });
  }

  pageMounted() {
    this.#observer.disconnect();
    this.#asked = null;
    const rail = document.getElementById('rail');
    if (rail) {
      this.#observer.observe(rail, { childList: true, subtree: true });
    }
  }

  #toggle(name, value) {
    const { address } = this.#page;
    if (store.state.filter[name] === value) {
      address.clearFilter();
    } else {
      address.filter({ [name]: value });
    }
  }

  #goTo(at) {
    const [lon, lat] = at.split(' ').map(Number);
    this.#page.map?.view.goTo([lat, lon], PLACE_ZOOM);
  }

  #railDrawn() {
    const { scene } = store.state;
    showChosen();
    if (scene && !scene.leaf) {
      this.#asked = isOpen() ? this.#asked : null;
      this.#toggled(panel()?.parentElement);
    }
  }

  #toggled(details) {
    if (details?.open && details === panel()?.parentElement) {
      this.#ask(store.state.scene);
    }
  }

  #ask(scene) {
    if (!scene || !document.querySelector('.work-map')) {
      return;
    }
    if (scene.area === this.#asked) {
      setProps('why-refresh', { data: { at: Date.now(), focus: '' } });
    } else {
      this.#asked = scene.area;
      setProps('why-area', { data: scene.area });
    }
  }

  /** Not of an area that is not shown any more. */
  async #held(held) {
    if (held) {
      await this.#page.charts.ready();
    }
    return held && held.area === panel()?.dataset.area ? held.content : noUpdate();
  }

  #drawn() {
    showChosen();
    this.#page.charts.fitAll();
  }
}
