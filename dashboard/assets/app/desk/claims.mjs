/* The open case is in hand for 90 seconds, renewed while somebody works at it, let go when it is left. "Next" claims
   the first free one. */
import { bus } from '../core/bus.mjs';
import { action, icon, make } from '../core/dom.mjs';
import { casePath, fetchJson, sendBeacon } from '../core/http.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';
import { every } from '../core/timers.mjs';
import { text } from '../core/words.mjs';
import { failureWords } from '../panels/moves.mjs';
import { watcherName } from './viewers.mjs';

const RENEW_S = 45;
const IDLE_MS = 300000;
/** Passed over this far back. */
const PASSED = 200;
const NOTHING = { no: null, state: '', until: 0, holder: null };
const ICONS = { mine: 'check', other: 'lock', idle: 'clock' };
const TAKEN = [404, 409, 422];

const claimPath = (no) => `${casePath(no)}/claim`;

/** It runs out by itself when this does not arrive. */
const letGo = (no) => fetchJson(claimPath(no), { method: 'DELETE' }).catch(() => {});

export class Claims extends Part {
  #page;
  #held = NOTHING;
  #followed = null;
  #asking = '';
  #taking = 0;
  #touchedAt = Date.now();
  #passed = [];
  #sign = '';

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    action('next-case', () => this.next());
    store.watch('case', (no) => this.#opened(no), signal);
    bus.on('viewers', () => this.#viewersTold(), signal);
    bus.on('case', (change) => this.#changed(change), signal);
    for (const type of ['keydown', 'pointerdown']) {
      document.addEventListener(type, () => this.#touched(), { signal, capture: true });
    }
    document.addEventListener('visibilitychange', () => !document.hidden && this.#seenAgain(), { signal });
    window.addEventListener('pagehide', () => this.#pageLeft(), { signal });
    window.addEventListener('pageshow', (event) => event.persisted && this.#held.no && this.#take(this.#held.no), {
      signal,
    });
    every(1000, () => this.#tick(), signal);
  }

  /** A dispatcher's first case is open at once, and not on a screen that has room for one column. */
  pageMounted() {
    this.#sign = '';
    if (!this.#page.onDesk) {
      return;
    }
    if (store.state.case) {
      this.#opened(store.state.case);
    } else if (!window.matchMedia('(max-width: 699px)').matches) {
      this.next({ quiet: true, following: true });
    }
  }

  /** Somebody has asked for the next case, which is not there yet. */
  get isAsking() {
    return this.#asking === 'asked';
  }

  /** The next case comes by itself: a key that is pressed meanwhile is not meant for a case that nobody has seen. */
  get isFollowing() {
    return this.#asking === 'following';
  }

  /** It came by itself, and was not asked for by a key or a hand. */
  hasFollowedTo(no) {
    return this.#followed === no;
  }

  /** Claims the next free case and opens it. `quiet`: says nothing when there is none. `following`: not asked for by
      a key. */
  async next({ quiet = false, following = false } = {}) {
    if (this.#asking) {
      return;
    }
    this.#asking = following ? 'following' : 'asked';
    const open = this.#openWaiting;
    if (open) {
      this.#passed = [...this.#passed.filter((one) => one !== open), open].slice(-PASSED);
    }
    try {
      const found = await this.#askAll(open);
      this.#followed = following ? found?.case.case_no : null;
      this.#answered(found, quiet);
    } catch (failure) {
      if (!quiet) {
        this.#page.toasts.show(failureWords(failure), { bad: true });
      }
    } finally {
      this.#asking = '';
    }
  }

  /** The open case, if it waits here. */
  get #openWaiting() {
    const { case: open } = store.state;
    return open && this.#page.queue.find(open) ? open : null;
  }

  get #left() {
    return Math.max(0, Math.ceil((this.#held.until - Date.now()) / 1000));
  }

  /** When all were passed over: from the start again, the open one last. */
  async #askAll(open) {
    const found = await this.#ask();
    if (found || !this.#passed.length) {
      return found;
    }
    this.#passed = open ? [open] : [];
    return this.#ask();
  }

  #ask() {
    const { queue, viewers } = this.#page;
    if (store.state.filter.q) {
      return this.#firstOfRows();
    }
    const body = { tab: viewers.tab, passed: this.#passed, ...queue.narrowing('kind', 'severity', 'category') };
    return fetchJson('/api/queue/next', { method: 'POST', body });
  }

  /** The server cannot search words when it gives out a case: then the rows are asked one after the other. */
  async #firstOfRows() {
    const body = { tab: this.#page.viewers.tab };
    for (const no of this.#page.queue.order.filter((one) => !this.#passed.includes(one))) {
      try {
        const { seconds } = await fetchJson(claimPath(no), { method: 'POST', body });
        return { case: { case_no: no }, seconds };
      } catch (failure) {
        if (!TAKEN.includes(failure.status)) {
          throw failure;
        }
      }
    }
    return null;
  }

  #answered(found, quiet) {
    if (found) {
      this.#begin(found.case.case_no, found.seconds);
    } else {
      this.#nothingFree(quiet);
    }
  }

  #begin(no, seconds) {
    // the claim before this one was let go with it
    this.#taking += 1;
    this.#held = { ...NOTHING, no, state: 'mine', until: Date.now() + seconds * 1000 };
    this.#page.address.navigate({ case: no });
    this.#draw();
  }

  #nothingFree(quiet) {
    const { queue, address, toasts } = this.#page;
    const { case: open } = store.state;
    if (this.#openWaiting) {
      this.#take(open);
    } else if (open && !quiet) {
      address.navigate({ case: null });
    }
    if (!quiet) {
      const others = queue.order.some((no) => no !== open);
      toasts.show(text(others ? 'js.claim.none-free' : 'js.claim.none'));
    }
  }

  #become(changes) {
    this.#held = { ...this.#held, ...changes };
    this.#draw();
  }

  /** Take or renew. What is not waiting needs no claim; what another has can be read all the same. */
  async #take(no) {
    this.#taking += 1;
    const turn = this.#taking;
    const overtaken = () => turn !== this.#taking || this.#held.no !== no;
    if (this.#held.no !== no) {
      this.#become({ ...NOTHING, no });
    }
    try {
      const { seconds } = await fetchJson(claimPath(no), { method: 'POST', body: { tab: this.#page.viewers.tab } });
      if (overtaken()) {
        letGo(no);
      } else {
        this.#become({ state: 'mine', until: Date.now() + seconds * 1000, holder: null });
      }
    } catch (failure) {
      if (!overtaken()) {
        this.#refused(failure);
      }
    }
  }

  #refused({ status, problem = {} }) {
    if (problem.code === 'claimed') {
      this.#become({ state: 'other', until: 0, holder: problem.holder });
    } else if (status) {
      this.#become({ state: '', until: 0 });
    }
  }

  #leave() {
    const { no, state } = this.#held;
    this.#held = NOTHING;
    if (no && state === 'mine') {
      letGo(no);
    }
  }

  #opened(no) {
    if (!this.#page.onDesk) {
      return;
    }
    if (this.#held.no !== no) {
      this.#leave();
    }
    this.#draw();
    if (no && this.#held.state !== 'mine') {
      this.#take(no);
    }
  }

  #tick() {
    const { no, state } = this.#held;
    if (!no || !this.#page.onDesk) {
      return;
    }
    const working = !document.hidden && Date.now() - this.#touchedAt < IDLE_MS;
    if (state === 'mine' && this.#left <= RENEW_S && working) {
      this.#take(no);
    }
    if (state === 'mine' && !this.#left) {
      this.#become({ state: 'idle' });
    }
    this.#draw();
  }

  /** Somebody is there again. */
  #touched() {
    this.#touchedAt = Date.now();
    if (this.#held.state === 'idle' && !document.hidden) {
      this.#become({ state: '' });
      this.#take(this.#held.no);
    }
  }

  #seenAgain() {
    this.#touched();
    if (this.#held.state === 'mine' && this.#left <= RENEW_S) {
      this.#take(this.#held.no);
    }
  }

  #pageLeft() {
    if (this.#held.state === 'mine') {
      sendBeacon(claimPath(this.#held.no), 'DELETE');
    }
  }

  /** What another has may have become free. */
  #viewersTold() {
    this.#draw();
    const { no, state } = this.#held;
    if (state === 'other' && !this.#page.viewers.of(no).some((one) => one.claimed)) {
      this.#take(no);
    }
  }

  #changed({ case_no: caseNo, to_status: status }) {
    if (caseNo !== this.#held.no || !status) {
      return;
    }
    if (status === 'waiting') {
      this.#take(caseNo);
    } else {
      this.#become({ state: '', until: 0, holder: null });
    }
  }

  get #words() {
    const { state, holder } = this.#held;
    if (state === 'other') {
      return text('js.claim.other', { who: holder ? watcherName(holder) : text('js.claim.colleague') });
    }
    return { mine: () => text('js.claim.mine', { n: this.#left }), idle: () => text('js.claim.idle') }[state]?.() ?? '';
  }

  #draw() {
    const bar = document.getElementById('claim-bar');
    if (!bar) {
      return;
    }
    const { no, state } = this.#held;
    const words = no ? this.#words : '';
    const seen = no ? this.#page.viewers.of(no).filter((one) => state !== 'other' || !one.claimed) : [];
    bar.hidden = !words && !seen.length;
    bar.dataset.state = state;
    const sign = JSON.stringify([state, words, seen]);
    if (!bar.hidden && sign !== this.#sign) {
      this.#sign = sign;
      this.#fill(bar, words, seen);
    }
  }

  #fill(bar, words, seen) {
    const { state } = this.#held;
    const seenBy = (one) => text('js.desk.seen-by', { who: watcherName(one) });
    // the seconds pass in silence: only what has changed in words is read out
    bar.setAttribute('aria-live', state === 'mine' ? 'off' : 'polite');
    bar.replaceChildren(icon(ICONS[state] || 'eye'), make('span', 'claim-words', words || seenBy(seen[0])));
    if (words && seen.length) {
      const eyes = make('span', 'claim-eyes');
      eyes.title = seen.map(seenBy).join('\n');
      eyes.append(icon('eye', eyes.title), make('span', '', String(seen.length)));
      bar.append(eyes);
    }
  }
}
