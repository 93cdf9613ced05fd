/* Counts follow the stream: figures are exchanged in place, rows keep their order and their focus. */
import { bus } from '../core/bus.mjs';
import { setProps } from '../core/dash.mjs';
import { number } from '../core/format.mjs';
import { areaPath, fetchJson } from '../core/http.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';
import { debounced } from '../core/timers.mjs';
import { text } from '../core/words.mjs';
import { showStale } from './stale_banner.mjs';

const SHORTEST_MS = 5000;
const LONGEST_MS = 3600000;
const AGAIN_MS = 400;
const CHARTS_MS = 4000;
const PLACES = ['.doors', '.changes', '.area-unlocated'];

const here = () => store.state.scene?.area || store.state.area;
const rowOf = (code) => document.querySelector(`#area-list [data-code="${CSS.escape(code)}"]`);

/** The next event or the live status tells. */
const quietly = (work) => work().catch(() => {});

function exchange(element, words) {
  if (!element || element.textContent === words) {
    return;
  }
  element.textContent = words;
  element.classList.remove('changed');
  void element.offsetWidth;
  element.classList.add('changed');
}

/** By how many a figure is another than yesterday at 08:00, in the words of dashboard/panels/changes.py. */
function writeChange(element, n) {
  if (element) {
    const by = n - Number(element.dataset.before);
    const sign = by > 0 ? 'up' : by < 0 ? 'down' : 'same';
    exchange(element, text(`js.delta.${sign}`, { n: number(Math.abs(by)) }));
  }
}

/** Whether it is outside of what is usual at this hour of this weekday. */
function writeUnusual(element, n) {
  if (element) {
    const { low, high, range } = element.dataset;
    const place = n > Number(high) ? 'above' : n < Number(low) ? 'below' : '';
    exchange(element, place && text(`js.usual.${place}`, { range }));
  }
}

function writeFigure(element, n) {
  exchange(element, number(n));
  const unlocated = element.closest('.area-unlocated');
  if (unlocated) {
    unlocated.hidden = n === 0;
  }
  const door = element.closest('.door');
  writeChange(door?.querySelector('.door-change'), n);
  writeUnusual(door?.querySelector('.door-unusual'), n);
  element.closest('.door-overdue')?.classList.toggle('door-alarm', n > 0);
}

export function writeFigures(counts) {
  for (const [name, n] of Object.entries(counts)) {
    if (typeof n === 'number') {
      const places = PLACES.map((place) => `${place} [data-count="${name}"]`).join();
      document.querySelectorAll(places).forEach((element) => writeFigure(element, n));
    }
  }
}

function writeRow(code, { open, waiting, to_file: toFile }) {
  const row = rowOf(code);
  exchange(row?.querySelector('.area-count'), text('js.figures', { open: number(open), waiting: number(waiting) }));
  exchange(row?.querySelector('.area-to-file'), number(toFile));
}

function writeTier(code, tier) {
  const row = rowOf(code);
  if (row) {
    row.dataset.tier = tier || '';
    const mark = row.querySelector('.tier-mark');
    mark.className = `tier-mark tier-${tier || 'none'}`;
    mark.textContent = tier ? text(`tier.mark.${tier}`) : '';
  }
}

export class Counts extends Part {
  #page;
  #clock = 0;
  // who sees only some of the cases is told that something happened, not how many there are
  #readAgain = debounced(AGAIN_MS, () => this.#readAll());
  #refreshCharts = debounced(CHARTS_MS, () => setProps('scene-refresh', { data: store.state.seq }));

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    bus.on('case', (change) => this.#changed(change), signal);
    bus.on('tier', ({ code, tier }) => writeTier(code, tier), signal);
    bus.on('snapshot', () => this.#snapshot(), signal);
    bus.on('live', showStale, signal);
    store.watch('scene', (scene) => this.#sceneRead(scene), signal);
    signal.addEventListener('abort', () => clearTimeout(this.#clock), { once: true });
  }

  #sceneRead(scene) {
    this.#waitForDeadline(scene?.next_due_at);
    writeFigures(scene?.changes ?? {});
  }

  #changed({ counts = {} }) {
    const told = Object.entries(counts);
    for (const [code, figures] of told) {
      (code === here() ? writeFigures : (of) => writeRow(code, of))(figures);
    }
    if (!told.length) {
      this.#readAgain();
    }
    this.#chartsToo();
  }

  /** After a gap in the stream everything is read again, in place. */
  #snapshot() {
    this.#readAll();
    this.#chartsToo();
  }

  #chartsToo() {
    if (store.state.scene) {
      this.#refreshCharts();
    }
  }

  #readAll() {
    quietly(() => this.#readSummary());
    quietly(() => this.#readChildren());
  }

  async #readSummary() {
    const area = here();
    if (!area || !document.querySelector('.doors')) {
      return;
    }
    const summary = await fetchJson(`${areaPath(area)}/summary`);
    if (area === here()) {
      writeFigures(summary);
      this.#waitForDeadline(summary.next_due_at);
    }
  }

  async #readChildren() {
    const area = here();
    if (!area || !document.getElementById('area-list')) {
      return;
    }
    const { items } = await fetchJson(`${areaPath(area)}/children`);
    if (area === here()) {
      for (const child of items) {
        writeRow(child.code, child);
        writeTier(child.code, child.tier);
      }
    }
  }

  /** A deadline passes without any event: the counts are read again at that moment. */
  #waitForDeadline(dueAt) {
    clearTimeout(this.#clock);
    if (dueAt) {
      const left = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, Date.parse(dueAt) - store.now() + 500));
      this.#clock = setTimeout(() => {
        quietly(() => this.#readSummary());
        this.#page.caseLists.renewAll();
      }, left);
    }
  }
}
