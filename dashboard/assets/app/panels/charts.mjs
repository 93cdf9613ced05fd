/* Charts come after the map: plotly is the largest thing to load, and nobody waits for it. It measures in pixels: on a
   large screen its letters grow with the page. */
import { noUpdate, registerCallbacks } from '../core/dash.mjs';
import { scale } from '../core/dom.mjs';
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

export class Charts extends Part {
  #page;
  #mapWaited = null;
  #observer = new MutationObserver(debounced(100, fitToScreen));

  constructor(page) {
    super();
    this.#page = page;
  }

  connect() {
    registerCallbacks({ charts: (charts) => this.#held(charts) });
  }

  /** The page has been drawn: its charts are watched, and nothing else. */
  pageMounted() {
    this.#observer.disconnect();
    const box = document.getElementById('charts');
    if (box) {
      this.#observer.observe(box, { childList: true, subtree: true });
    }
  }

  async #held(charts) {
    if (!charts) {
      return noUpdate();
    }
    this.#mapWaited ??= Promise.race([this.#page.mapPainted, pause(LONGEST_WAIT_MS)]);
    await this.#mapWaited;
    // where Dash's graphs take plotly from, when the first of them is drawn; dcc, which is loaded after us, names its
    // own
    window._dashPlotlyJSURL = document.documentElement.dataset.plotly;
    return charts;
  }
}
