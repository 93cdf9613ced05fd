/* The live stream of the present area: one EventSource, kept alive, told on the bus, never told twice.

 The hub beats every few seconds as long as the database answers it, so silence means that the screen is old. */
import { gridboard } from '../core/gridboard.mjs';

const SILENCE_MS = 8000;
const WATCH_MS = 1000;
const OPENING_MS = 6000;
const FIRST_WAIT_MS = 2500;
const LONGEST_PAUSE_MS = 10000;
const REMEMBERED = 4000;

let source = null;
let opening = null;
let area = '';
let state = 'catching-up';
let seq = 0;
let asOf = '';
let heardAt = Date.now();
let triedAt = 0;
let failures = 0;
let loggedOut = false;
const told = new Set();

const display = () => new URLSearchParams(window.location.search).get('display') || '';

function address() {
  const query = new URLSearchParams();
  if (area) {
    query.set('area', area);
  }
  if (seq > 0) {
    query.set('since', String(seq));
  }
  if (display()) {
    query.set('display', display());
  }
  return `/api/live?${query}`;
}

function timeOf(moment) {
  const options = { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false };
  if (gridboard.zone) {
    options.timeZone = gridboard.zone;
  }
  return new Intl.DateTimeFormat(document.documentElement.lang || 'zh-CN', options).format(moment);
}

function write(selector, words) {
  const element = document.querySelector(`#live-status ${selector}`);
  if (element && element.textContent !== words) {
    element.textContent = words;
  }
}

/** The page may be drawn anew at any time: the element is always set again from what is known. */
function show() {
  const element = document.getElementById('live-status');
  if (!element) {
    return;
  }
  if (element.dataset.state !== state) {
    element.dataset.state = state;
  }
  if (element.dataset.seq !== String(seq)) {
    element.dataset.seq = String(seq);
  }
  if (typeof gridboard.text !== 'function') {
    return;
  }
  write('.live-text', gridboard.text(`js.live.${state}`));
  const time = asOf ? timeOf(new Date(asOf)) : '';
  write('.live-time', state === 'stale' && time ? gridboard.text('js.live.since', { at: time }) : time);
}

function become(next) {
  const changed = next !== state;
  state = next;
  show();
  if (changed) {
    gridboard.emit('live', { state, seq, since: heardAt });
  }
}

function advance(number) {
  if (number > seq) {
    seq = number;
    gridboard.seq = number;
  }
}

/** True the first time; two streams overlap for a moment when the area changes. */
function first(number) {
  if (told.has(number)) {
    return false;
  }
  told.add(number);
  if (told.size > REMEMBERED) {
    told.delete(told.values().next().value);
  }
  return true;
}

function heard(stream) {
  heardAt = Date.now();
  failures = 0;
  if (stream === opening) {
    settle(stream);
  }
}

/** The new stream speaks: the one of the area before can go. */
function settle(stream) {
  opening = null;
  if (source && source !== stream) {
    source.close();
  }
  source = stream;
}

function read(stream, kind, event) {
  if (stream !== source && stream !== opening) {
    return;
  }
  const data = JSON.parse(event.data);
  const mine = stream.area === area;
  heard(stream);
  asOf = data.as_of || asOf;
  if (kind === 'boundaries' || data.boundaries) {
    gridboard.emit('boundaries', kind === 'boundaries' ? data : data.boundaries);
  }
  if (kind === 'boundaries') {
    return;
  }
  if (kind === 'snapshot') {
    advance(data.seq);
    if (mine) {
      gridboard.emit('snapshot', data);
      gridboard.emit('refresh', {});
    }
  } else if (kind !== 'heartbeat' && first(`${kind}:${data.seq}`)) {
    gridboard.emit(kind, data);
    if (mine) {
      advance(data.seq);
    }
  } else if (mine && stream === source) {
    advance(data.seq);
  }
  become(kind === 'case' || kind === 'tier' ? state : 'live');
}

function open() {
  if (loggedOut) {
    return;
  }
  if (opening) {
    opening.close();
  }
  triedAt = Date.now();
  const stream = new EventSource(address());
  stream.area = area;
  opening = stream;
  ['snapshot', 'case', 'tier', 'boundaries', 'heartbeat'].forEach((kind) =>
    stream.addEventListener(kind, (event) => read(stream, kind, event)),
  );
  stream.addEventListener('error', () => failed(stream));
}

function failed(stream) {
  if (stream !== source && stream !== opening) {
    return;
  }
  if (state === 'live') {
    become('catching-up');
  }
  if (stream.readyState !== EventSource.CLOSED) {
    return;
  }
  failures += 1;
  if (stream === opening) {
    opening = null;
  }
  if (stream === source) {
    source = null;
  }
  askWhy();
}

/** A closed stream does not tell why: without a session there is no use in trying again. */
async function askWhy() {
  let status = 0;
  try {
    const query = display() ? `?display=${encodeURIComponent(display())}` : '';
    status = (await window.fetch(`/api/session${query}`, { cache: 'no-store' })).status;
  } catch (_cut) {
    return;
  }
  if (status === 401 && !display()) {
    offerLogin();
  }
}

function offerLogin() {
  loggedOut = true;
  become('stale');
  const element = document.getElementById('live-status');
  if (!element || element.querySelector('.live-login')) {
    return;
  }
  const link = document.createElement('a');
  link.className = 'live-login';
  link.textContent = gridboard.text('js.live.login');
  link.href = `/login?next=${encodeURIComponent(window.location.pathname + window.location.search)}`;
  element.append(link);
}

function pause() {
  return Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** Math.min(failures, 4)) * (0.75 + Math.random() / 2);
}

let next = 0;
function watch() {
  const now = Date.now();
  const silent = Math.abs(now - heardAt) > SILENCE_MS;
  if (silent && state !== 'stale') {
    become('stale');
  }
  const hopeless = (!source && !opening) || (silent && now - triedAt > OPENING_MS);
  if (triedAt && !loggedOut && hopeless && now > next) {
    next = now + pause();
    open();
  }
  show();
}

function change(code) {
  if (code === area && (source || opening)) {
    return;
  }
  area = code;
  if (triedAt) {
    open();
  }
}

function offline() {
  become('stale');
}

function wake() {
  if (triedAt && !loggedOut && (state !== 'live' || Math.abs(Date.now() - heardAt) > SILENCE_MS)) {
    if (state === 'stale') {
      become('catching-up');
      heardAt = Date.now();
    }
    open();
  }
}

/** What the page has read already need not be told: the oldest of what it shows counts. */
function begin(number) {
  if (triedAt) {
    return;
  }
  if (Number.isFinite(number) && number > 0) {
    seq = number;
  }
  heardAt = Date.now();
  open();
}

/** A part that was read before an event was told, and drawn after it, would keep its old figures. */
function compare(scene) {
  if (triedAt && scene && scene.seq < seq) {
    gridboard.emit('snapshot', { seq });
  }
}

gridboard.on('scene', compare);
gridboard.on('area', ({ code }) => change(code || ''));
gridboard.on('painted', () => begin(Number(gridboard.seq)));
window.addEventListener('offline', offline);
window.addEventListener('online', wake);
window.addEventListener('pageshow', (event) => {
  if (event.persisted) {
    wake();
  }
});
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) {
    wake();
  }
});
window.setTimeout(() => begin(Number(gridboard.seq)), FIRST_WAIT_MS);
window.setInterval(watch, WATCH_MS);
