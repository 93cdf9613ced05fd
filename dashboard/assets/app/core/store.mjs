/* What the page shows: the one place for its area, case, filter, selection, scene, clock and configuration. */
import { parseFilter } from './filter.mjs';

/** Fields in the order in which their watchers are told: what is chosen before where it stands. */
const EMPTY = {
  config: null,
  zone: 'UTC',
  clockOffset: 0,
  filter: parseFilter(new Map()),
  case: '',
  area: '',
  layers: null,
  group: '',
  at: '',
  level: '',
  selection: [],
  scene: null,
  asOf: '',
  seq: 0,
};

const CLOCK_TOLERANCE_MS = 2000;
const BY_VALUE = ['filter', 'layers', 'selection'];
const same = (name, a, b) => a === b || (BY_VALUE.includes(name) && JSON.stringify(a) === JSON.stringify(b));

export class Store {
  #state = { ...EMPTY };
  #watchers = new Map();

  get state() {
    return this.#state;
  }

  /** Takes changes over all at once, then tells the watchers of every field that is another now. */
  set(changes) {
    const before = this.#state;
    const changed = Object.keys(EMPTY).filter((name) => name in changes && !same(name, changes[name], before[name]));
    if (!changed.length) {
      return;
    }
    this.#state = { ...before, ...changes };
    const told = new Set();
    for (const name of changed) {
      for (const watch of [...(this.#watchers.get(name) || [])]) {
        if (!told.has(watch)) {
          told.add(watch);
          watch(this.#state[name], before[name]);
        }
      }
    }
  }

  /** `names`: a field, or several of which any change is told once. A signal ends it. */
  watch(names, watch, signal) {
    const lists = [names].flat().map((name) => {
      if (!this.#watchers.has(name)) {
        this.#watchers.set(name, new Set());
      }
      return this.#watchers.get(name).add(watch);
    });
    const off = () => lists.forEach((list) => list.delete(watch));
    signal?.addEventListener('abort', off, { once: true });
    return off;
  }

  /** The server's clock, not this screen's: ages and times left are counted from it. In the past: the moment
      that is shown. Milliseconds since 1970. */
  now() {
    return this.#state.asOf ? Date.parse(this.#state.asOf) : Date.now() + this.#state.clockOffset;
  }

  /** Takes the server's time over, where it is another than is counted here: a screen's clock is put right, or
      drifts. */
  followClock(asOf) {
    const clockOffset = Date.parse(asOf) - Date.now();
    if (Math.abs(clockOffset - this.#state.clockOffset) > CLOCK_TOLERANCE_MS) {
      this.set({ clockOffset });
    }
  }

  select(caseNos) {
    this.set({ selection: [...new Set(caseNos)] });
  }
}

export const store = new Store();
