/* Charts come after the map: plotly is the largest thing to load, and nobody waits for it. It measures in pixels: on a
   large screen its letters grow with the page. */
import { noUpdate, registerCallbacks } from '../core/dash.mjs';
import { arrowStep, delegate, scale } from '../core/dom.mjs';
import { Part } from '../core/part.mjs';
import { debounced, pause } from '../core/timers.mjs';

const LONGEST_WAIT_MS = 3000;
const LETTER_PX = 11;

function enlarge(plot, size) {
  const { margin } = plot.layout;
  const grown = Object.fromEntries(Object.entries(margin).map(([side, px]) => [side, px * size]));
  window.Plotly.relayout(plot, { 'font.size': LETTER_PX * size, margin: grown });
}

function fitToScreen() {
  const size = scale();
  if (size === 1 || !window.Plotly) {
    return;
  }
  for (const plot of document.querySelectorAll('.js-plotly-plot')) {
    if (plot.layout && plot.layout.font.size <= LETTER_PX) {
      enlarge(plot, size);
    }
  }
}

/** The bars as buttons, for who has no pointer: one of them is in the way of the tab key. */
function step(button, event) {
  const all = [...button.parentElement.children];
  const next = arrowStep(all, button, event.key);
  if (next) {
    event.preventDefault();
    for (const other of all) {
      other.tabIndex = other === next ? 0 : -1;
    }
    next.focus();
  }
}

const wordsOf = (query) => Object.fromEntries(new URLSearchParams(query));

export class Charts extends Part {
  #page;
  #mapWaited = null;
  #followed = new WeakSet();
  #observer = new MutationObserver(debounced(100, () => this.#drawn()));

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    registerCallbacks({ charts: (charts) => this.#held(charts) });
    const press = ({ dataset }) => this.#page.address.filter(wordsOf(dataset.filterBy));
    delegate('click', '[data-filter-by]', press, { signal });
    delegate('keydown', '.chart-doors button', step, { signal });
  }

  /** The page has been drawn: its charts are watched, and nothing else. */
  pageMounted() {
    this.#observer.disconnect();
    const box = document.getElementById('charts');
    if (box) {
      this.#observer.observe(box, { childList: true, subtree: true });
    }
  }

  /** Charts have been drawn, wherever they stand. */
  fitAll() {
    fitToScreen();
  }

  #drawn() {
    fitToScreen();
    for (const plot of document.querySelectorAll('#charts .js-plotly-plot')) {
      this.#follow(plot);
    }
  }

  /** A bar or a month opens the cases that it counted. */
  #follow(plot) {
    if (plot.on && !this.#followed.has(plot)) {
      this.#followed.add(plot);
      plot.on('plotly_click', ({ points }) => this.#page.address.filter(wordsOf(points[0].customdata[1])));
    }
  }

  async #held(charts) {
    if (!charts) {
      return noUpdate();
    }
    await this.ready();
    return charts;
  }

  /** Resolves when the map has been painted and graphs may be drawn. */
  async ready() {
    this.#mapWaited ??= Promise.race([this.#page.mapPainted, pause(LONGEST_WAIT_MS)]);
    await this.#mapWaited;
    // where Dash's graphs take plotly from, when the first of them is drawn; dcc, which is loaded after us, names its
    // own
    window._dashPlotlyJSURL = document.documentElement.dataset.plotly;
  }
}
