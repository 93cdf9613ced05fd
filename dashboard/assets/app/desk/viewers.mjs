/* Who looks at which case now: this page tells of itself, and hears of the colleagues, every few seconds. */
import { bus } from '../core/bus.mjs';
import { uniqueKey } from '../core/dom.mjs';
import { fetchJson, sendBeacon } from '../core/http.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';
import { every } from '../core/timers.mjs';
import { text } from '../core/words.mjs';

const PATH = '/api/presence';
const EVERY_MS = 10000;

export function watcherName({ organisation, role }) {
  return [organisation, text(`role.${role}`)].filter(Boolean).join(' · ');
}

export class Viewers extends Part {
  #page;
  #seen = new Map();
  #turn = 0;

  /** Two pages of one person are two. */
  tab = uniqueKey();

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    const tell = () => this.#tell();
    store.watch('case', tell, signal);
    document.addEventListener('visibilitychange', tell, { signal });
    window.addEventListener('pagehide', () => this.#leave(), { signal });
    every(EVERY_MS, () => !document.hidden && tell(), signal);
  }

  pageMounted() {
    this.#tell();
  }

  /** The others who look at a case. */
  of(caseNo) {
    return (this.#seen.get(caseNo) || []).filter((one) => !one.you);
  }

  async #tell() {
    if (!this.#page.onDesk) {
      return;
    }
    this.#turn += 1;
    const turn = this.#turn;
    const { case: open, area } = store.state;
    // a page that nobody sees looks at nothing
    const body = { tab: this.tab, case: (!document.hidden && open) || null, ...(area ? { area } : {}) };
    try {
      const { items } = await fetchJson(PATH, { method: 'POST', body });
      if (turn === this.#turn) {
        this.#seen = new Map(items.map((one) => [one.case_no, one.watching]));
        this.#page.queue.takeViewers(this.#seen);
        bus.emit('viewers');
      }
    } catch {
      // the next turn tries again; the live status tells
    }
  }

  #leave() {
    if (this.#page.onDesk) {
      sendBeacon(PATH, 'POST', { tab: this.tab, case: null });
    }
  }
}
