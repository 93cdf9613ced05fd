/* What could not be sent: kept on this device with what was typed, sent again with the same key, never twice by two
   tabs. */
import { make, makeButton, remember, remembered } from '../core/dom.mjs';
import { fetchJson, HttpFailure, isRefusal } from '../core/http.mjs';
import { Part } from '../core/part.mjs';
import { leaveWhenServed } from '../core/reload.mjs';
import { every } from '../core/timers.mjs';
import { text } from '../core/words.mjs';
import { failureWords } from '../panels/moves.mjs';

const AGAIN_MS = 15000;
const RELOAD_MS = 1200;

function reasonOf(failure) {
  if ([401, 403].includes(failure.status) && !isRefusal(failure)) {
    return text('js.mine.login');
  }
  return isRefusal(failure) ? failureWords(failure) : text('js.mine.unsent');
}

const whyOf = ({ why }) => why || text('js.mine.unsent');

/** Only a case is our answer: what a proxy or a portal says in its place is none. */
async function post({ path, body, key }) {
  const answer = await fetchJson(path, { method: 'POST', body, headers: { 'Idempotency-Key': key } });
  if (!answer?.case_no) {
    throw new HttpFailure(`no case from ${path}`, 0, {});
  }
  return answer;
}

export class Pending extends Part {
  #store;
  #toasts;
  #session;
  #sending = false;
  #askedMeanwhile = false;

  constructor({ user, toasts, session }) {
    super();
    this.#store = `gridboard.pending.${user}`;
    this.#toasts = toasts;
    this.#session = session;
  }

  connect(signal) {
    const connection = () => this.#connectionChanged();
    window.addEventListener('online', connection, { signal });
    window.addEventListener('offline', connection, { signal });
    const otherTab = ({ key }) => key === this.#store && this.#draw();
    window.addEventListener('storage', otherTab, { signal });
    every(AGAIN_MS, () => this.#waiting.length && this.#sendAll(), signal);
    this.#session.then(
      () => {
        this.#draw();
        connection();
      },
      () => {},
    );
  }

  /** Entry: key, label, path, body, caseNo. Resolves with the answer, or with null when it was kept for later. Throws
      what the server refused. */
  async send(entry) {
    this.#put(entry);
    return this.#alone(async () => {
      try {
        const answer = await post(entry);
        this.#drop(entry.key);
        return answer;
      } catch (failure) {
        if (isRefusal(failure)) {
          this.#drop(entry.key);
          throw failure;
        }
        this.#put({ ...entry, why: reasonOf(failure), refused: false });
        return null;
      }
    });
  }

  /** How many entries are kept, those that were refused included: somebody has written them. */
  get size() {
    return this.#entries.length;
  }

  /** Whether a move of a case is on its way already. */
  holds(caseNo, move) {
    return this.#waiting.some((entry) => entry.caseNo === caseNo && entry.body.move === move);
  }

  forget() {
    window.localStorage.removeItem(this.#store);
  }

  get #entries() {
    try {
      return JSON.parse(remembered(this.#store)) || [];
    } catch {
      return [];
    }
  }

  get #waiting() {
    return this.#entries.filter((entry) => !entry.refused);
  }

  /** Changes the list as it is now in the store: another tab may have written meanwhile. */
  #change(work) {
    remember(this.#store, JSON.stringify(work(this.#entries)));
    this.#draw();
  }

  #put(entry) {
    this.#change((list) => {
      const known = list.some((one) => one.key === entry.key);
      return known ? list.map((one) => (one.key === entry.key ? entry : one)) : [...list, entry];
    });
  }

  #drop(key) {
    this.#change((list) => list.filter((one) => one.key !== key));
  }

  /** One tab at a time, where the browser can say so. */
  #alone(work) {
    return navigator.locks ? navigator.locks.request(this.#store, work) : work();
  }

  /** Whoever asks for it while it is being sent has it tried once more. */
  async #sendAll() {
    if (this.#sending || !navigator.onLine) {
      this.#askedMeanwhile = this.#sending;
      return;
    }
    this.#sending = true;
    const sent = await this.#alone(() => this.#sendWaiting());
    this.#sending = false;
    if (this.#askedMeanwhile) {
      this.#askedMeanwhile = false;
      this.#sendAll();
    }
    if (sent) {
      this.#toasts.show(text('js.mine.sent', { n: sent }));
      setTimeout(() => leaveWhenServed(() => window.location.reload()), RELOAD_MS);
    }
  }

  /** One after the other, until one may not be sent now: how many went out. */
  async #sendWaiting() {
    let sent = 0;
    for (const entry of this.#waiting) {
      try {
        await post(entry);
        this.#drop(entry.key);
        sent += 1;
      } catch (failure) {
        this.#put({ ...entry, why: reasonOf(failure), refused: isRefusal(failure) });
        if (!isRefusal(failure)) {
          break;
        }
      }
    }
    return sent;
  }

  #connectionChanged() {
    const banner = document.getElementById('offline-banner');
    banner.hidden = navigator.onLine;
    banner.textContent = text('js.mine.offline');
    if (navigator.onLine) {
      this.#sendAll();
    }
  }

  /** Only what is seen to be new: a button that is replaced between press and release has not been clicked. */
  #draw() {
    const entries = this.#entries;
    const box = document.getElementById('pending');
    const drawn = JSON.stringify(
      entries.map((entry) => [entry.key, entry.label, whyOf(entry), Boolean(entry.refused)]),
    );
    if (box.dataset.drawn !== drawn) {
      box.dataset.drawn = drawn;
      box.hidden = !entries.length;
      const title = make('h2', '', text('js.mine.pending', { n: entries.length }));
      box.replaceChildren(title, ...entries.map((entry) => this.#row(entry)));
    }
  }

  #row({ key, label, body, why, refused, caseNo }) {
    const words = make('div', 'pending-words');
    words.append(make('strong', '', label));
    const typed = body.reason || body.title;
    words.append(...(typed ? [make('div', '', typed)] : []), make('div', 'pending-why', whyOf({ why })));
    const row = make('div', 'pending-row');
    row.append(words);
    if (!refused) {
      row.append(this.#button('button button-main', 'js.mine.again', () => this.#sendAll()));
    } else if (caseNo) {
      const open = () => window.location.assign(`/mine?case=${encodeURIComponent(caseNo)}`);
      row.append(this.#button('button', 'js.mine.open', open));
    }
    const discard = () => window.confirm(text('js.mine.discard.sure')) && this.#drop(key);
    row.append(this.#button('button', 'js.mine.discard', discard));
    return row;
  }

  #button(className, words, press) {
    const button = makeButton(className, text(words));
    button.addEventListener('click', press);
    return button;
  }
}
