/* What could not be sent: kept on this device with what was typed, sent again with the same key, never twice by two tabs. */
import { gridboard } from '../core/gridboard.mjs';

const { make } = gridboard.ui;
const root = document.querySelector('.mine');
const STORE = `gridboard.pending.${root.dataset.user}`;
const DRAFTS = `gridboard.draft.${root.dataset.user}.`;
let sending = false;
let askedMeanwhile = false;
let drawn = '';

function read() {
  try {
    return JSON.parse(window.localStorage.getItem(STORE)) || [];
  } catch (_unreadable) {
    return [];
  }
}

/** Changes the list as it is now in the store: another tab may have written meanwhile. */
function change(work) {
  const list = work(read());
  try {
    window.localStorage.setItem(STORE, JSON.stringify(list));
  } catch (_full) {
    /* the page still holds what was typed */
  }
  draw();
}

const replaced = (list, entry) => list.map((one) => (one.key === entry.key ? entry : one));
const put = (entry) =>
  change((list) => (list.some((one) => one.key === entry.key) ? replaced(list, entry) : [...list, entry]));
const drop = (key) => change((list) => list.filter((one) => one.key !== key));

/** One tab at a time, where the browser can say so. */
function alone(work) {
  if (navigator.locks) {
    return navigator.locks.request(STORE, work);
  }
  return work();
}

async function post(entry) {
  return gridboard.fetchJson(entry.path, {
    method: 'POST',
    body: entry.body,
    headers: { 'Idempotency-Key': entry.key },
  });
}

/** No answer, or "not now": it may be sent again. 401: after a new login. Else the server has refused it. */
const passing = (failure) => !failure.status || [401, 502, 503, 504].includes(failure.status);

function why(failure) {
  if (failure.status === 401) {
    return gridboard.text('js.mine.login');
  }
  return passing(failure) ? gridboard.text('js.mine.unsent') : gridboard.moves.words(failure);
}

/** Sends now; resolves with the answer, or with null when it was kept for later. Throws what the server refused. */
async function send(entry) {
  put(entry);
  return alone(async () => {
    try {
      const answer = await post(entry);
      drop(entry.key);
      return answer;
    } catch (failure) {
      if (passing(failure)) {
        put({ ...entry, why: why(failure), refused: false });
        return null;
      }
      drop(entry.key);
      throw failure;
    }
  });
}

/** Whoever asks for it while it is being sent has it tried once more. */
async function sendAll() {
  if (sending) {
    askedMeanwhile = true;
    return;
  }
  if (!navigator.onLine) {
    return;
  }
  sending = true;
  let done = 0;
  await alone(async () => {
    for (const entry of read().filter((one) => !one.refused)) {
      try {
        await post(entry);
        drop(entry.key);
        done += 1;
      } catch (failure) {
        put({ ...entry, why: why(failure), refused: !passing(failure) });
        if (passing(failure)) {
          break;
        }
      }
    }
  });
  sending = false;
  if (askedMeanwhile) {
    askedMeanwhile = false;
    sendAll();
  }
  if (done) {
    gridboard.toast(gridboard.text('js.mine.sent', { n: done }));
    window.setTimeout(() => window.location.reload(), 1200);
  }
}

function button(words, work, main) {
  const made = make('button', main ? 'button button-main' : 'button', words);
  made.type = 'button';
  made.addEventListener('click', work);
  return made;
}

function row(entry) {
  const line = make('div', 'pending-row');
  const words = make('div', 'pending-words');
  words.append(make('strong', '', entry.label));
  const typed = entry.body.reason || entry.body.title || '';
  if (typed) {
    words.append(make('div', '', typed));
  }
  words.append(make('div', 'pending-why', entry.why || gridboard.text('js.mine.unsent')));
  line.append(words);
  if (entry.refused && entry.caseNo) {
    line.append(
      button(gridboard.text('js.mine.open'), () => {
        window.location.assign(`/mine?case=${encodeURIComponent(entry.caseNo)}`);
      }),
    );
  }
  if (!entry.refused) {
    line.append(button(gridboard.text('js.mine.again'), sendAll, true));
  }
  line.append(
    button(gridboard.text('js.mine.discard'), () => {
      if (window.confirm(gridboard.text('js.mine.discard.sure'))) {
        drop(entry.key);
      }
    }),
  );
  return line;
}

/** Only what is seen to be new: a button that is replaced between press and release has not been clicked. */
function draw() {
  const box = document.getElementById('pending');
  const list = read();
  const seen = JSON.stringify(
    list.map((entry) => [
      entry.key,
      entry.label,
      entry.why || gridboard.text('js.mine.unsent'),
      entry.refused || false,
    ]),
  );
  if (seen === drawn) {
    return;
  }
  drawn = seen;
  box.hidden = !list.length;
  box.replaceChildren(make('h2', '', gridboard.text('js.mine.pending', { n: list.length })), ...list.map(row));
}

/** What is being typed into a form of a case, so that a reload or an ended session does not lose it. */
const drafts = {
  keep(id, words) {
    try {
      if (words) {
        window.localStorage.setItem(DRAFTS + id, words);
      } else {
        window.localStorage.removeItem(DRAFTS + id);
      }
    } catch (_full) {
      /* not kept */
    }
  },
  of(id) {
    try {
      return window.localStorage.getItem(DRAFTS + id) || '';
    } catch (_refused) {
      return '';
    }
  },
  forget() {
    Object.keys(window.localStorage)
      .filter((name) => name.startsWith(DRAFTS) || name === STORE)
      .forEach((name) => window.localStorage.removeItem(name));
  },
};

function connection() {
  const banner = document.getElementById('offline-banner');
  banner.hidden = navigator.onLine;
  banner.textContent = gridboard.text('js.mine.offline');
  if (navigator.onLine) {
    sendAll();
  }
}

gridboard.boot
  .then(() => {
    draw();
    connection();
  })
  .catch(() => {});
window.addEventListener('online', connection);
window.addEventListener('offline', connection);
window.addEventListener('storage', (event) => {
  if (event.key === STORE) {
    draw();
  }
});
window.setInterval(() => {
  if (read().some((one) => !one.refused)) {
    sendAll();
  }
}, 15000);

gridboard.pending = { send, drafts, read };
