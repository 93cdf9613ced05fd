/* The live stream of all that this person may see: kept alive, told on the bus, never told twice.

   The hub beats every few seconds as long as the database answers it, so silence means that the screen is old. */
import { bus } from './bus.mjs';
import { make } from './dom.mjs';
import { moment, timeToSecond } from './format.mjs';
import { query } from './http.mjs';
import { Part } from './part.mjs';
import { reloadIfServed } from './reload.mjs';
import { SharedStream } from './shared_stream.mjs';
import { store } from './store.mjs';
import { every } from './timers.mjs';
import { text } from './words.mjs';

const SILENCE_MS = 8000;
const WATCH_MS = 1000;
const OPENING_MS = 6000;
const FIRST_WAIT_MS = 2500;
const LONGEST_PAUSE_MS = 10000;
const REMEMBERED = 4000;

const display = () => new URLSearchParams(window.location.search).get('display') || '';

/** The stream covers more than the present area: what happens beside it concerns the open case alone. */
function concernsPage({ path, case_no: caseNo }) {
  const { area, case: open } = store.state;
  return !area || !path || caseNo === open || path.split('/').includes(area);
}

/** What was written stays on the device: a page that comes anew has it. */
function hasOtherRights({ user, role, area }) {
  const { user: before } = store.state.config ?? {};
  return before?.name === user && (before.role !== role || before.area !== area);
}

export class LiveStream extends Part {
  #stream = new SharedStream({
    address: (since) => `/api/live${query({ since, display: display() })}`,
    seq: () => (this.#asOf || store.state.seq > 0 ? store.state.seq : null),
    take: (kind, data) => this.#take(kind, data),
    failed: (isClosed) => this.#failed(isClosed),
  });
  #state = 'catching-up';
  #asOf = '';
  #heardAt = Date.now();
  #triedAt = 0;
  #nextTry = 0;
  #failures = 0;
  #loggedOut = false;
  #hasFailed = false;
  #told = new Set();
  #world = null;

  connect(signal) {
    store.watch('scene', (scene) => this.#compare(scene), signal);
    store.watch('asOf', () => this.#show(), signal);
    bus.on('painted', () => this.begin(), signal);
    window.addEventListener('offline', () => this.#become('stale'), { signal });
    window.addEventListener('online', () => this.#wake(), { signal });
    window.addEventListener('pagehide', () => this.#stream.stop(), { signal });
    window.addEventListener('pageshow', (event) => event.persisted && this.#wake(), { signal });
    document.addEventListener('visibilitychange', () => !document.hidden && this.#wake(), { signal });
    const first = setTimeout(() => this.begin(), FIRST_WAIT_MS);
    every(WATCH_MS, () => this.#watch(), signal);
    signal.addEventListener('abort', () => this.#end(first), { once: true });
  }

  #end(first) {
    clearTimeout(first);
    this.#stream.stop();
  }

  get state() {
    return this.#state;
  }

  /** What the page has read already need not be told: it begins when the page has been read. */
  begin() {
    if (!this.#triedAt) {
      this.#heardAt = Date.now();
      this.#open();
    }
  }

  #open() {
    if (!this.#loggedOut) {
      this.#triedAt = Date.now();
      this.#stream.start(`${store.state.config?.user?.name ?? ''}|${display()}`);
    }
  }

  #take(kind, data) {
    this.#heardAt = Date.now();
    this.#failures = 0;
    this.#asOf = data.as_of || this.#asOf;
    if (kind === 'heartbeat' || kind === 'snapshot') {
      store.followClock(data.as_of);
    }
    if (this.#isAnotherWorld(data)) {
      reloadIfServed();
      return;
    }
    const boundaries = kind === 'boundaries' ? data : data.boundaries;
    if (boundaries) {
      bus.emit('boundaries', boundaries);
    }
    if (kind !== 'boundaries') {
      this.#tell(kind, data);
      this.#become(kind === 'case' || kind === 'tier' ? this.#state : 'live');
    }
  }

  /** The database has been restored, or is another one: its numbers begin anew, and nothing that is drawn holds. */
  #isAnotherWorld({ world, anew }) {
    this.#world ??= world;
    return anew || (Boolean(world) && world !== this.#world);
  }

  /** What happens now is no news of the past. */
  #tell(kind, data) {
    if (store.state.asOf) {
      this.#advance(data.seq);
      return;
    }
    if (kind === 'snapshot') {
      this.#advance(data.seq);
      bus.emit('snapshot', data);
      bus.emit('refresh');
    } else if (kind !== 'heartbeat' && this.#isFirst(`${kind}:${data.seq}`)) {
      bus.emit(kind === 'case' && !concernsPage(data) ? 'case-elsewhere' : kind, data);
    }
    this.#advance(data.seq);
  }

  #advance(seq) {
    if (seq > store.state.seq) {
      store.set({ seq });
    }
  }

  /** What one page hands on may overlap with what another has told. */
  #isFirst(name) {
    if (this.#told.has(name)) {
      return false;
    }
    this.#told.add(name);
    if (this.#told.size > REMEMBERED) {
      this.#told.delete(this.#told.values().next().value);
    }
    return true;
  }

  #failed(isClosed) {
    this.#hasFailed = true;
    if (this.#state === 'live') {
      this.#become('catching-up');
    }
    if (isClosed) {
      this.#failures += 1;
    }
    // the browser opens the stream of a wall again by itself, and it may be that of another area
    if (isClosed || display()) {
      this.#askWhy();
    }
  }

  /** A stream that ended does not tell why: without a session there is no use in trying again, with other rights the
      page is another. */
  async #askWhy() {
    const path = `/api/session${query({ display: display() })}`;
    const answer = await window.fetch(path, { cache: 'no-store' }).catch(() => null);
    if (answer && display()) {
      await this.#followDisplay(answer);
    } else if (answer?.status === 401) {
      this.#loggedOut = true;
      this.#become('stale');
      this.#offerLogin();
    } else if (answer?.ok && hasOtherRights(await answer.json())) {
      reloadIfServed();
    }
  }

  /** A wall that was revoked goes dark, one that was given another area shows that: by its page. */
  async #followDisplay(answer) {
    const { area, type = '' } = await answer.json().catch(() => ({}));
    const ended = answer.status === 401 && String(type).startsWith('urn:gridboard:problem:');
    if (ended || (answer.ok && area !== store.state.config?.user.area)) {
      window.location.reload();
    }
  }

  #offerLogin() {
    const element = document.getElementById('live-status');
    if (element && !element.querySelector('.live-login')) {
      const link = make('a', 'live-login', text('js.live.login'));
      link.href = `/login?next=${encodeURIComponent(window.location.pathname + window.location.search)}`;
      element.append(link);
    }
  }

  /** A part that was read before an event was told, and drawn after it, would keep its old figures. */
  #compare(scene) {
    if (this.#triedAt && scene && !store.state.asOf && scene.seq < store.state.seq) {
      bus.emit('snapshot', { seq: store.state.seq });
    }
  }

  get #isSilent() {
    return Math.abs(Date.now() - this.#heardAt) > SILENCE_MS;
  }

  #watch() {
    const now = Date.now();
    if (this.#isSilent && this.#state !== 'stale') {
      this.#become('stale');
    }
    const hopeless = !this.#stream.isOpen || (this.#isSilent && now - this.#triedAt > OPENING_MS);
    if (this.#triedAt && !this.#loggedOut && hopeless && now > this.#nextTry) {
      this.#nextTry = now + this.#pauseMs();
      this.#open();
    }
    this.#show();
  }

  #pauseMs() {
    return Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** Math.min(this.#failures, 4)) * (0.75 + Math.random() / 2);
  }

  #wake() {
    if (this.#triedAt && !this.#loggedOut && (this.#state !== 'live' || this.#isSilent)) {
      if (this.#state === 'stale') {
        this.#become('catching-up');
        this.#heardAt = Date.now();
      }
      this.#open();
    }
  }

  #become(state) {
    const changed = state !== this.#state;
    this.#state = state;
    if (state === 'live' && this.#hasFailed) {
      this.#hasFailed = false;
      this.#askWhy();
    }
    this.#show();
    if (changed) {
      bus.emit('live', { state, since: this.#heardAt });
    }
  }

  /** The page may be drawn anew at any time: the element is always set again from what is known. */
  #show() {
    const element = document.getElementById('live-status');
    if (!element || !store.state.config) {
      return;
    }
    const state = store.state.asOf ? 'past' : this.#state;
    const facts = { state, seq: String(store.state.seq) };
    for (const [name, value] of Object.entries(facts)) {
      if (element.dataset[name] !== value) {
        element.dataset[name] = value;
      }
    }
    const told = this.#asOf ? timeToSecond(this.#asOf) : '';
    const time = state === 'past' ? moment(store.state.asOf) : told;
    const since = state === 'stale' && time;
    this.#write(element, '.live-text', text(`js.live.${state}`));
    this.#write(element, '.live-time', since ? text('js.live.since', { at: time }) : time);
  }

  #write(element, selector, words) {
    const place = element.querySelector(selector);
    if (place && place.textContent !== words) {
      place.textContent = words;
    }
  }
}
