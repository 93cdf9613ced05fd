/* What waits: read from /api/queue in the server's order, narrowed and grouped as the address says, kept by the
   stream. */
import { bus } from '../core/bus.mjs';
import { fetchJson, query } from '../core/http.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';
import { debounced } from '../core/timers.mjs';
import { text } from '../core/words.mjs';

export const NARROWINGS = ['kind', 'severity', 'category', 'q'];
const PAGE = 500;
const MOST_PAGES = 4;
const GOING_MS = 2200;
const RETRY_MS = 5000;
const OWN_MS = 20000;
const AGAIN_MS = 500;

/** All pages, up to a bound: `items`, `total`, `lastWaited`. */
async function readPages(narrowing) {
  const items = [];
  let [cursor, first] = [null, null];
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await fetchJson(`/api/queue${query({ ...narrowing, limit: PAGE, cursor })}`);
    first ??= answer;
    items.push(...answer.items);
    cursor = answer.next_cursor;
    if (!cursor) {
      break;
    }
  }
  // counted once and listed in pages: when all of them are here, their number is the number of rows
  return { items, total: cursor ? first.total : items.length, lastWaited: first.last_waited };
}

/** Rows under the heads of their groups, in the order in which the groups come first: the least time left leads. */
export function groupRows(items, groupOf, isFolded) {
  const groups = new Map();
  for (const item of items) {
    const { code, label } = groupOf(item);
    if (!groups.has(code)) {
      groups.set(code, { type: 'group', key: `group ${code}`, code, label, items: [] });
    }
    groups.get(code).items.push(item);
  }
  return [...groups.values()].flatMap((head) => [
    head,
    ...(isFolded(head.code) ? [] : head.items.map((item) => caseRow(item, head))),
  ]);
}

const caseRow = (item, head) => ({ type: 'case', key: item.case_no, item, head, skipped: Boolean(item.going) });

export class Queue extends Part {
  #page;
  #own = new Set();
  #folded = new Set();
  #turn = 0;
  #reading = 0;
  #asked = '';
  #retry = 0;
  #again = debounced(AGAIN_MS, () => this.read());

  items = [];
  total = 0;
  state = 'loading';
  problem = null;
  lastWaited = null;
  readAt = null;

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    bus.on('case', (change) => this.#changed(change), signal);
    bus.on('snapshot', this.#again, signal);
    bus.on('refresh', this.#again, signal);
    store.watch(['area', 'filter'], () => this.#addressChanged(), signal);
    store.watch('group', () => this.#announce(), signal);
    signal.addEventListener('abort', () => clearTimeout(this.#retry), { once: true });
  }

  pageMounted() {
    this.restart();
  }

  get group() {
    const { group } = store.state;
    return ['area', 'category'].includes(group) ? group : 'none';
  }

  /** Fields of a request that narrow it as the address does; all of them, or those named (the area always). */
  narrowing(...names) {
    const { area, filter } = store.state;
    const wanted = (names.length ? names : NARROWINGS).map((name) => [name, filter[name]]);
    return Object.fromEntries([['area', area], ...wanted].filter(([, value]) => value));
  }

  get isNarrowed() {
    return NARROWINGS.some((name) => store.state.filter[name]);
  }

  /** The filter says more than the queue can be narrowed by: the rest is not its concern. */
  #addressChanged() {
    if (JSON.stringify(this.narrowing()) !== this.#asked) {
      this.restart();
    }
  }

  /** What this page itself is about to change needs no word that somebody took it; for as long as an answer may
      take. */
  expectOwn(no) {
    this.#own.add(no);
    setTimeout(() => this.#own.delete(no), OWN_MS);
  }

  forgetOwn(no) {
    this.#own.delete(no);
  }

  restart() {
    this.#asked = JSON.stringify(this.narrowing());
    if (this.#page.onDesk) {
      Object.assign(this, { items: [], state: 'loading' });
      this.#announce();
      this.read();
    }
  }

  async read() {
    if (!this.#page.onDesk) {
      return;
    }
    this.#turn += 1;
    const turn = this.#turn;
    clearTimeout(this.#retry);
    this.#reading += 1;
    try {
      await this.#page.session;
      const found = await readPages(this.narrowing());
      if (turn !== this.#turn || !this.#page.onDesk) {
        return;
      }
      const items = this.#withGoing(found.items);
      Object.assign(this, { ...found, items, problem: null, state: 'ready', readAt: Date.now() });
    } catch (failure) {
      if (turn !== this.#turn) {
        return;
      }
      this.#failed(failure);
    } finally {
      this.#reading -= 1;
    }
    this.#announce();
  }

  /** Rows as they stand: cases, under the heads of their groups if they are grouped. */
  get rows() {
    if (this.group === 'none') {
      return this.items.map((item) => caseRow(item));
    }
    return groupRows(
      this.items,
      (item) => this.#groupOf(item),
      (code) => this.#folded.has(code),
    );
  }

  /** Numbers of the cases in the order of the screen. */
  get order() {
    return this.rows.filter((row) => row.type === 'case' && !row.skipped).map((row) => row.key);
  }

  find(no) {
    return this.items.find((item) => item.case_no === no && !item.going) || null;
  }

  isFolded(code) {
    return this.#folded.has(code);
  }

  fold(code) {
    if (!this.#folded.delete(code)) {
      this.#folded.add(code);
    }
    this.#announce();
  }

  /** Takes a case out at once. */
  drop(no) {
    const before = this.items.length;
    this.items = this.items.filter((item) => item.case_no !== no);
    if (this.items.length < before) {
      this.#announce();
    }
  }

  /** Who looks at which, as it is told every few seconds: number of the case -> list of people. */
  takeViewers(seen) {
    for (const item of this.items) {
      item.watching = seen.get(item.case_no) || [];
    }
    this.#announce();
  }

  #announce() {
    bus.emit('queue');
  }

  #groupOf(item) {
    if (this.group === 'category') {
      return { code: item.category, label: item.category_name };
    }
    return item.below ? { code: item.below.code, label: item.below.name } : { code: '', label: text('js.desk.here') };
  }

  #failed(failure) {
    Object.assign(this, { state: 'failed', problem: failure });
    if (!failure.status || failure.status >= 500) {
      this.#retry = setTimeout(() => this.read(), RETRY_MS);
    }
  }

  /** Rows that are just going keep their place until they are gone. */
  #withGoing(fresh) {
    const present = new Set(fresh.map((item) => item.case_no));
    const rows = [...fresh];
    this.items.forEach((item, at) => {
      if (item.going && !present.has(item.case_no)) {
        rows.splice(Math.min(at, rows.length), 0, item);
      }
    });
    return rows;
  }

  #changed(change) {
    if (!this.#page.onDesk) {
      return;
    }
    const item = change.case_no ? this.find(change.case_no) : null;
    const status = change.to_status || change.marker?.status;
    if (item && status && status !== 'waiting') {
      this.#leaves(item, change);
      this.#overtakeReading();
    } else if (item || status === 'waiting' || !change.case_no) {
      this.#again();
    }
  }

  /** A case that another took says so for a moment, then goes. */
  #leaves(item, { act, by }) {
    const { case_no: no } = item;
    this.total = Math.max(0, this.total - 1);
    store.select(store.state.selection.filter((other) => other !== no));
    if (this.#own.has(no)) {
      this.drop(no);
      return;
    }
    const who = by ? by.organisation || text(`role.${by.role}`) : '';
    item.going = text('js.desk.gone', { who, move: text(`move.${act}`) });
    this.#announce();
    setTimeout(() => item.going && this.drop(no), GOING_MS);
  }

  /** What is being read was asked for before this change: its answer would bring the case back. */
  #overtakeReading() {
    if (this.#reading) {
      this.#turn += 1;
      this.#again();
    }
  }
}
