/* The tray of unsent work, on the phone and on the desk: kept on this device with what was typed, sent again with the
   same key, never twice by two tabs. */
import { deviceStorage } from '../core/device_storage.mjs';
import { make, makeButton, remember, remembered } from '../core/dom.mjs';
import { fetchJson, HttpFailure, isPassing, isRefusal, RETRY_MS } from '../core/http.mjs';
import { Part } from '../core/part.mjs';
import { every, pause } from '../core/timers.mjs';
import { text } from '../core/words.mjs';
import { failureWords } from './moves.mjs';

const AGAIN_MS = 15000;

function reasonOf(failure) {
  if ([401, 403].includes(failure.status) && !isRefusal(failure)) {
    return text('js.unsent.login');
  }
  return isRefusal(failure) ? failureWords(failure) : text('js.unsent.later');
}

const whyOf = ({ why }) => why || text('js.unsent.later');

/** Only a case is our answer: what a proxy or a portal says in its place is none. */
async function post({ path, body, key }) {
  const answer = await fetchJson(path, { method: 'POST', body, headers: { 'Idempotency-Key': key } });
  if (!answer?.case_no) {
    throw new HttpFailure(`no case from ${path}`, 0, {});
  }
  return answer;
}

/** Tries again for a moment while the failure is passing: a desk that waits has no use for a tray. */
async function postPatiently(entry) {
  for (let turn = 0; ; turn += 1) {
    try {
      return await post(entry);
    } catch (failure) {
      if (!isPassing(failure) || turn >= RETRY_MS.length || !navigator.onLine) {
        throw failure;
      }
      await pause(RETRY_MS[turn]);
    }
  }
}

export class Unsent extends Part {
  #store = null;
  #user;
  #post;
  #sent;
  #open;
  #sending = false;
  // what somebody waits for the answer of is not sent a second time beside it
  #inHand = new Set();
  #askedMeanwhile = false;

  /** `user`: a promise of whose work it is, resolved when texts and token are there. `sent(entries)`: what went out
      later; `open(entry)`: shows the case of one that was refused. `patient`: a first failure that passes is waited
      out. */
  constructor({ user, sent, open, patient = false }) {
    super();
    this.#user = user;
    this.#sent = sent;
    this.#open = open;
    this.#post = patient ? postPatiently : post;
  }

  connect(signal) {
    const connection = () => this.#connectionChanged();
    window.addEventListener('online', connection, { signal });
    window.addEventListener('offline', connection, { signal });
    const otherTab = ({ key }) => key === this.#store && this.#draw();
    window.addEventListener('storage', otherTab, { signal });
    every(AGAIN_MS, () => this.#waiting.length && this.#sendAll(), signal);
    this.#user.then(
      (name) => {
        this.#store = `gridboard.pending.${name}`;
        this.#draw();
        connection();
      },
      () => {},
    );
  }

  /** Entry: key, label, path, body, caseNo, or the draft that it was made from. Resolves with the answer, or with null
      when it was kept for later. Throws what the server refused. */
  async send(entry) {
    // not in the tray while its first answer is waited for
    this.#inHand.add(entry.key);
    this.#put(entry);
    return this.#alone(async () => {
      try {
        const answer = await this.#post(entry);
        this.#drop(entry.key);
        return answer;
      } catch (failure) {
        if (isRefusal(failure)) {
          this.#drop(entry.key);
          throw failure;
        }
        this.#put({ ...entry, why: reasonOf(failure), refused: false });
        return null;
      } finally {
        this.#inHand.delete(entry.key);
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
    deviceStorage().removeItem(this.#store);
    this.#draw();
  }

  /** The page has been drawn, perhaps another than before. */
  pageMounted() {
    this.#draw();
  }

  get #entries() {
    try {
      return (this.#store && JSON.parse(remembered(this.#store))) || [];
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
    if (sent.length) {
      this.#sent(sent);
    }
  }

  /** One after the other, until one may not be sent now: those that went out. */
  async #sendWaiting() {
    const sent = [];
    for (const entry of this.#waiting.filter(({ key }) => !this.#inHand.has(key))) {
      try {
        await post(entry);
        this.#drop(entry.key);
        sent.push(entry);
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
    if (banner) {
      banner.hidden = navigator.onLine;
      banner.textContent = text('js.unsent.offline');
    }
    if (navigator.onLine) {
      this.#sendAll();
    }
  }

  /** Only what is seen to be new: a button that is replaced between press and release has not been clicked. */
  #draw() {
    const entries = this.#entries.filter(({ key, why }) => why || !this.#inHand.has(key));
    const box = document.getElementById('pending');
    if (!box) {
      return;
    }
    const drawn = JSON.stringify(
      entries.map((entry) => [entry.key, entry.label, whyOf(entry), Boolean(entry.refused)]),
    );
    if (box.dataset.drawn !== drawn) {
      box.dataset.drawn = drawn;
      box.hidden = !entries.length;
      const title = make('h2', '', text('js.unsent.title', { n: entries.length }));
      box.replaceChildren(title, ...entries.map((entry) => this.#row(entry)));
    }
  }

  #row(entry) {
    const { key, label, body, why, refused, caseNo, draft } = entry;
    const words = make('div', 'pending-words');
    words.append(make('strong', '', label));
    const typed = body.reason || body.title;
    words.append(...(typed ? [make('div', '', typed)] : []), make('div', 'pending-why', whyOf({ why })));
    const row = make('div', 'pending-row');
    row.append(words);
    if (!refused) {
      row.append(this.#button('button button-main', 'js.unsent.again', () => this.#sendAll()));
    } else if (caseNo || draft) {
      const way = draft ? 'js.unsent.edit' : 'js.unsent.open';
      row.append(this.#button('button', way, () => this.#takeUp(entry)));
    }
    const discard = () => window.confirm(text('js.unsent.discard.sure')) && this.#drop(key);
    row.append(this.#button('button', 'js.unsent.discard', discard));
    return row;
  }

  /** What was refused becomes a draft on the case as it is now. */
  #takeUp(entry) {
    this.#drop(entry.key);
    this.#open(entry);
  }

  #button(className, words, press) {
    const button = makeButton(className, text(words));
    button.addEventListener('click', press);
    return button;
  }
}
