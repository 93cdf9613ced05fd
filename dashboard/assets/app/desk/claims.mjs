/* The open case is in hand for 90 seconds, renewed while somebody works at it, let go when it is left. "Next" claims the first free one. */
import { gridboard } from '../core/gridboard.mjs';

const { make, action } = gridboard.ui;
const RENEW_S = 45;
const IDLE_MS = 300000;
/** Passed over this far back. */
const PASSED = 200;

let held = { no: null, state: '', until: 0, holder: null };
let asking = '';
let taking = 0;
let touchedAt = Date.now();
let passed = [];

const path = (no) => `/api/cases/${encodeURIComponent(no)}/claim`;
const left = () => Math.max(0, Math.ceil((held.until - Date.now()) / 1000));
const tab = () => gridboard.presence.tab;

function become(changes) {
  held = { ...held, ...changes };
  tell();
}

function letGo(no) {
  gridboard.fetchJson(path(no), { method: 'DELETE' }).catch(() => {
    /* it runs out by itself */
  });
}

/** Take or renew. What is not waiting needs no claim; what another has can be read all the same. */
async function take(no) {
  const mine = (taking += 1);
  if (held.no !== no) {
    become({ no, state: '', until: 0, holder: null });
  }
  try {
    const answer = await gridboard.fetchJson(path(no), { method: 'POST', body: { tab: tab() } });
    if (mine !== taking || held.no !== no) {
      letGo(no);
      return;
    }
    become({ state: 'mine', until: Date.now() + answer.seconds * 1000, holder: null });
  } catch (failure) {
    if (mine !== taking || held.no !== no) {
      return;
    }
    const problem = failure.problem || {};
    if (problem.code === 'claimed') {
      become({ state: 'other', until: 0, holder: problem.holder });
    } else if (failure.status) {
      become({ state: '', until: 0 });
    }
  }
}

function leave() {
  const { no, state } = held;
  held = { no: null, state: '', until: 0, holder: null };
  if (no && state === 'mine') {
    letGo(no);
  }
}

function opened(no) {
  if (!gridboard.desk.here()) {
    return;
  }
  if (held.no !== no) {
    leave();
  }
  tell();
  if (!no || held.state === 'mine') {
    return;
  }
  take(no);
}

function tick() {
  if (!gridboard.desk?.here() || !held.no) {
    return;
  }
  const { state } = held;
  if (state === 'mine' && left() <= RENEW_S && !document.hidden && Date.now() - touchedAt < IDLE_MS) {
    take(held.no);
  }
  if (state === 'mine' && !left()) {
    become({ state: 'idle' });
  }
  tell();
}

/** Somebody is there again. */
function touched() {
  touchedAt = Date.now();
  if (held.state === 'idle' && !document.hidden) {
    become({ state: '' });
    take(held.no);
  }
}

function words() {
  const { desk } = gridboard;
  if (held.state === 'mine') {
    return gridboard.text('js.claim.mine', { n: left() });
  }
  if (held.state === 'idle') {
    return gridboard.text('js.claim.idle');
  }
  if (held.state === 'other') {
    return gridboard.text('js.claim.other', {
      who: held.holder ? desk.who(held.holder) : gridboard.text('js.claim.colleague'),
    });
  }
  return '';
}

function tell() {
  const bar = document.getElementById('claim-bar');
  if (!bar) {
    return;
  }
  const said = held.no ? words() : '';
  const seen = held.no ? gridboard.presence.of(held.no).filter((one) => held.state !== 'other' || !one.claimed) : [];
  bar.hidden = !said && !seen.length;
  bar.dataset.state = held.state;
  const sign = JSON.stringify([held.state, said, seen]);
  if (bar.hidden || bar.sign === sign) {
    return;
  }
  bar.sign = sign;
  const signIcon = { mine: 'check', other: 'lock', idle: 'clock' }[held.state] || 'eye';
  // the seconds pass in silence: only what has changed in words is read out
  bar.setAttribute('aria-live', held.state === 'mine' ? 'off' : 'polite');
  bar.replaceChildren(
    gridboard.desk.list.icon(signIcon),
    make('span', 'claim-words', said || gridboard.text('js.desk.seen-by', { who: gridboard.desk.who(seen[0]) })),
  );
  if (said && seen.length) {
    const eyes = make('span', 'claim-eyes');
    eyes.title = seen.map((one) => gridboard.text('js.desk.seen-by', { who: gridboard.desk.who(one) })).join('\n');
    eyes.append(gridboard.desk.list.icon('eye', eyes.title), make('span', '', String(seen.length)));
    bar.append(eyes);
  }
}

/** The server cannot search words when it gives out a case: then the rows are asked one after the other. */
async function firstOfRows() {
  for (const no of gridboard.desk.order()) {
    if (passed.includes(no)) {
      continue;
    }
    try {
      const claim = await gridboard.fetchJson(path(no), { method: 'POST', body: { tab: tab() } });
      return { case: { case_no: no }, seconds: claim.seconds };
    } catch (failure) {
      if (![404, 409, 422].includes(failure.status)) {
        throw failure;
      }
    }
  }
  return null;
}

function ask() {
  const { desk } = gridboard;
  if (desk.wanted().q) {
    return firstOfRows();
  }
  return gridboard.fetchJson('/api/queue/next', {
    method: 'POST',
    body: { tab: tab(), passed, ...desk.narrowing('kind', 'severity', 'category') },
  });
}

function passOver(no) {
  passed = [...passed.filter((one) => one !== no), no].slice(-PASSED);
}

/** Claims the next free case and opens it. `quiet`: says nothing when there is none. `following`: not asked for by a key,
    so that a key that is pressed meanwhile is not meant for a case that nobody has seen. */
async function next({ quiet = false, following = false } = {}) {
  if (asking) {
    return;
  }
  asking = following ? 'following' : 'asked';
  const open = gridboard.state().case;
  if (open && gridboard.desk.find(open)) {
    passOver(open);
  }
  try {
    let found = await ask();
    // all were passed over: from the start again, the open one last
    if (!found && passed.length) {
      passed = open && gridboard.desk.find(open) ? [open] : [];
      found = await ask();
    }
    if (found) {
      start(found);
    } else {
      none(open, quiet);
    }
  } catch (failure) {
    if (!quiet) {
      gridboard.toast(gridboard.moves.words(failure), { bad: true });
    }
  } finally {
    asking = '';
  }
}

function start(found) {
  const no = found.case.case_no;
  // the claim before this one was let go with it
  taking += 1;
  held = { no, state: 'mine', until: Date.now() + found.seconds * 1000, holder: null };
  gridboard.go({ case: no });
  tell();
}

function none(open, quiet) {
  const { desk } = gridboard;
  if (open && desk.find(open)) {
    take(open);
  } else if (open && !quiet) {
    gridboard.go({ case: null });
  }
  if (!quiet) {
    gridboard.toast(
      gridboard.text(desk.order().filter((no) => no !== open).length ? 'js.claim.none-free' : 'js.claim.none'),
    );
  }
}

action('next-case', () => next());
gridboard.on('chosen', opened);
gridboard.on('presence', tell);
gridboard.on('case', (change) => {
  if (change.case_no === held.no && change.to_status && change.to_status !== 'waiting') {
    become({ state: '', until: 0, holder: null });
  } else if (change.case_no === held.no && change.to_status === 'waiting') {
    take(held.no);
  }
});
// what another has may become free
gridboard.on('presence', () => {
  if (held.state === 'other' && !gridboard.presence.of(held.no).some((one) => one.claimed)) {
    take(held.no);
  }
});
['keydown', 'pointerdown'].forEach((kind) => document.addEventListener(kind, touched, true));
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) {
    touched();
    if (held.no && held.state === 'mine' && left() <= RENEW_S) {
      take(held.no);
    }
  }
});
window.addEventListener('pagehide', () => {
  if (held.no && held.state === 'mine') {
    gridboard.presence.lastWord(path(held.no), 'DELETE');
  }
});
window.addEventListener('pageshow', (event) => {
  if (event.persisted && held.no) {
    take(held.no);
  }
});
window.setInterval(tick, 1000);

// A dispatcher's first case is open at once, once a visit, and not on a screen that has room for one column.
gridboard.on('desk', () => {
  if (gridboard.state().case) {
    opened(gridboard.state().case);
    return;
  }
  if (!window.matchMedia('(max-width: 699px)').matches) {
    next({ quiet: true, following: true });
  }
});

gridboard.claims = {
  next,
  asking: () => asking === 'asked',
  following: () => asking === 'following',
  held: () => ({ ...held, seconds: left() }),
};
