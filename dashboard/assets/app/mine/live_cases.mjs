/* The list and the open case follow the stream: the page is read again, and what is another now is exchanged in place.
   What is being filled in stays (panels/drafts.mjs). */
import { bus } from '../core/bus.mjs';
import { LiveStream } from '../core/live_stream.mjs';
import { Part } from '../core/part.mjs';
import { session } from '../core/session.mjs';
import { store } from '../core/store.mjs';
import { debounced } from '../core/timers.mjs';
import { text } from '../core/words.mjs';
import { showStale } from '../panels/stale_banner.mjs';

const READ_MS = 200;
const AGAIN_MS = 5000;
const GONE = [403, 404];
/** Tabs of what others send. */
const RECEIVING = ['work', 'together'];
const MORE = '.case-buttons details';

const panel = () => document.querySelector('.mine-case .case');
const shown = () => panel()?.dataset.caseNo;
const rowsOf = (root) => [...root.querySelectorAll('.mine-rows > li')];
const numbersOf = (root) => rowsOf(root).map((row) => row.dataset.caseNo);

/** The page of this tab as it is now, with the open case or without; null where the case is not ours any more. */
async function readPage(withCase) {
  const address = new URL(window.location.href);
  if (!withCase) {
    address.searchParams.delete('case');
  }
  const answer = await window.fetch(address, { headers: { Accept: 'text/html' }, cache: 'no-store' });
  if (withCase && GONE.includes(answer.status)) {
    return null;
  }
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  if (!answer.ok || !page.querySelector('.mine-list')) {
    throw new Error(`${answer.status} ${address.pathname}`);
  }
  return page;
}

/** The rows keep the keyboard where it was; those that were not there before are marked. Answers with how many. */
function exchangeList(page) {
  const [list, fresh] = [document, page].map((root) => root.querySelector('.mine-list'));
  const known = new Set(numbersOf(list));
  const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
  for (const row of rowsOf(fresh)) {
    row.toggleAttribute('aria-current', false);
    if (row.dataset.caseNo === shown()) {
      row.setAttribute('aria-current', 'true');
    }
    row.classList.toggle('arrived', !known.has(row.dataset.caseNo));
  }
  const come = numbersOf(fresh).filter((number) => !known.has(number)).length;
  list.replaceChildren(...fresh.childNodes);
  [...list.querySelectorAll('a')].find((link) => link.getAttribute('href') === focused)?.focus({ preventScroll: true });
  return come;
}

/** What was said of the last press, and a list of moves that stands open, stay. */
function exchangePanel(page) {
  const place = document.querySelector('.mine-case');
  const isMoreOpen = Boolean(place.querySelector(MORE)?.open);
  const said = place.querySelector('.case-message').textContent;
  place.replaceChildren(...page.querySelector('.mine-case').childNodes);
  place.querySelector('.case-message').textContent = said;
  const more = place.querySelector(MORE);
  if (more) {
    more.open = isMoreOpen;
  }
}

export class LiveCases extends Part {
  #page;
  #stream = new LiveStream();
  #caseChanged = false;
  #read = debounced(READ_MS, () => this.#readAgain());
  #later = debounced(AGAIN_MS, () => this.#read());

  /** `page`: what the handlers' page lets do: `drawn()` after the case was exchanged, `drafts`, `tell(words)`. */
  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    store.set({ seq: Number(document.querySelector('.mine').dataset.seq) });
    bus.on('case', (change) => this.#changed(change.case_no === shown()), signal);
    bus.on('snapshot', () => this.#changed(true), signal);
    bus.on('live', showStale, signal);
    this.#stream.start();
    const begin = () => this.#stream.begin();
    session.then(begin).catch(() => {});
    signal.addEventListener('abort', () => this.#stream.stop(), { once: true });
  }

  /** The case was busy with a move of one's own when it was told of; what came of that is known now. */
  moved() {
    if (this.#caseChanged) {
      this.#read();
    }
  }

  #changed(isShown) {
    this.#caseChanged ||= isShown;
    this.#read();
  }

  async #readAgain() {
    const withCase = Boolean(shown()) && this.#caseChanged && !panel().hasAttribute('aria-busy');
    try {
      const page = await readPage(withCase);
      this.#tellArrived(exchangeList(page ?? (await readPage(false))));
      if (withCase) {
        this.#caseChanged = false;
        this.#exchangeCase(page);
      }
    } catch {
      // no connection: the live status says so, and it is tried again
      this.#later();
    }
  }

  /** What goes to the other lists came from this body itself. */
  #tellArrived(n) {
    if (n && RECEIVING.includes(document.querySelector('.mine').dataset.tab)) {
      this.#page.tell(text('js.mine.arrived', { n }));
    }
  }

  #exchangeCase(page) {
    if (!page) {
      panel().querySelector('.case-message').textContent = text('js.mine.gone');
      return;
    }
    this.#page.drafts.whenComposed(() => {
      // a move that began while the page was read shows its own outcome
      if (panel()?.hasAttribute('aria-busy')) {
        this.#caseChanged = true;
        return;
      }
      exchangePanel(page);
      this.#page.drawn();
    });
  }
}
