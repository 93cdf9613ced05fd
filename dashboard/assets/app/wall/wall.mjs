/* The wall: letters by distance and pitch, figures by the stream, a small shift against burn-in, a nightly reload. */
import { bus } from '../core/bus.mjs';
import { hourOfDay, number } from '../core/format.mjs';
import { areaPath, fetchJson } from '../core/http.mjs';
import { Part } from '../core/part.mjs';
import { reloadIfServed } from '../core/reload.mjs';
import { store } from '../core/store.mjs';
import { debounced, every } from '../core/timers.mjs';
import { letterPx } from './letters.mjs';

const READ_MS = 300;
const SHIFT_MS = 180000;
const SHIFT_PX = 6;
const RELOAD_CHECK_MS = 600000;
const RELOAD_HOUR = 4;
const YOUNG_MS = 7200000;

const wall = () => document.querySelector('.wall');

function setLetters() {
  const asked = new URLSearchParams(window.location.search);
  const [metres, pitch] = [Number(asked.get('distance')), Number(asked.get('pitch'))];
  const { innerWidth: width, innerHeight: height } = window;
  wall().style.setProperty('--wall-text', `${letterPx({ metres, pitch, width, height }).toFixed(1)}px`);
}

function shift() {
  const by = () => `${Math.round((Math.random() - 0.5) * SHIFT_PX)}px`;
  wall().style.transform = `translate(${by()}, ${by()})`;
}

/** By the deployment's clock: a screen's own may be hours off. */
function reloadAtNight() {
  if (hourOfDay(store.now()) === RELOAD_HOUR && performance.now() > YOUNG_MS) {
    reloadIfServed();
  }
}

function writeFigures({ tiers = {}, ...counts }) {
  const tierCounts = Object.entries(tiers).map(([tier, n]) => [`tier-${tier}`, n]);
  for (const [name, n] of [...Object.entries(counts), ...tierCounts]) {
    const element = document.getElementById(`wall-${name.replace(/_/g, '-')}`);
    if (element && typeof n === 'number') {
      element.textContent = number(n);
      element.toggleAttribute('data-zero', n === 0);
    }
  }
}

export class Wall extends Part {
  #page;
  #area = '';
  #signal = null;
  // the banner tells when it cannot be read
  #read = debounced(READ_MS, () => fetchJson(`${areaPath(this.#area)}/summary`).then(writeFigures, () => {}));

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    this.#signal = signal;
  }

  async pageMounted() {
    if (!wall()) {
      return;
    }
    const config = await this.#page.session;
    const signal = this.#signal;
    this.#area = store.state.area || config.user.area || config.root;
    setLetters();
    window.addEventListener('resize', setLetters, { signal });
    every(SHIFT_MS, shift, signal);
    every(RELOAD_CHECK_MS, reloadAtNight, signal);
    bus.on('areas-changed', () => this.#writeTitle(), signal);
    bus.on('case', ({ counts }) => (counts?.[this.#area] ? writeFigures(counts[this.#area]) : this.#read()), signal);
    ['tier', 'snapshot'].forEach((event) => bus.on(event, this.#read, signal));
    this.#writeTitle();
    this.#read();
  }

  /** The next change asks again. */
  async #writeTitle() {
    const facts = await fetchJson(areaPath(this.#area)).catch(() => null);
    if (facts) {
      document.getElementById('area-title').textContent = facts.name;
    }
  }
}
