/* What waits: read from /api/queue in the server's order, narrowed and grouped as the address says, kept by the stream. */
import { gridboard } from '../core/gridboard.mjs';

const { debounced } = gridboard.ui;
const PAGE = 500;
const MOST_PAGES = 4;
const GOING_MS = 2200;
const RETRY_MS = 5000;
const OWN_MS = 20000;
const NARROWINGS = ['kind', 'severity', 'category', 'q'];

const desk = (gridboard.desk = {
  items: [],
  total: 0,
  state: 'loading',
  lastWaited: null,
  problem: null,
  collapsed: new Set(),
  mine: new Set(),
  here: () => Boolean(document.querySelector('.work-dispatch')),
});
let turn = 0;
let asked = null;
let retry = 0;
let reading = 0;

/** What this page itself is about to change needs no word that somebody took it; for as long as an answer may take. */
desk.own = function own(no) {
  desk.mine.add(no);
  window.setTimeout(() => desk.mine.delete(no), OWN_MS);
};

/** What the address asks of the queue. */
desk.wanted = function wanted() {
  const address = new URLSearchParams(window.location.search);
  const group = address.get('group');
  return {
    area: address.get('area') || '',
    group: ['area', 'category'].includes(group) ? group : 'none',
    ...Object.fromEntries(NARROWINGS.map((name) => [name, address.get(name) || ''])),
  };
};

/** The narrowing as fields of a request, without what is empty. */
desk.narrowing = function narrowing(...names) {
  const wanted = desk.wanted();
  return Object.fromEntries(
    ['area', ...(names.length ? names : NARROWINGS)].filter((name) => wanted[name]).map((name) => [name, wanted[name]]),
  );
};

async function pages() {
  const items = [];
  let cursor = null;
  let first = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await gridboard.fetchJson(
      `/api/queue?${new URLSearchParams({ ...desk.narrowing(), limit: PAGE, ...(cursor ? { cursor } : {}) })}`,
    );
    first = first || answer;
    items.push(...answer.items);
    cursor = answer.next_cursor;
    if (!cursor) {
      break;
    }
  }
  // counted once and listed in pages: when all of them are here, their number is the number of rows
  return { items, total: cursor ? first.total : items.length, lastWaited: first.last_waited };
}

/** Rows that are just going keep their place until they are gone. */
function withGoing(fresh) {
  const present = new Set(fresh.map((item) => item.case_no));
  const rows = [...fresh];
  desk.items.forEach((item, at) => {
    if (item.going && !present.has(item.case_no)) {
      rows.splice(Math.min(at, rows.length), 0, item);
    }
  });
  return rows;
}

async function read() {
  if (!desk.here()) {
    return;
  }
  const mine = (turn += 1);
  asked = window.location.search;
  window.clearTimeout(retry);
  reading += 1;
  try {
    await gridboard.boot;
    const found = await pages();
    if (mine !== turn || !desk.here()) {
      return;
    }
    Object.assign(desk, {
      items: withGoing(found.items),
      total: found.total,
      lastWaited: found.lastWaited,
      problem: null,
      state: 'ready',
      readAt: Date.now(),
    });
  } catch (failure) {
    if (mine !== turn) {
      return;
    }
    Object.assign(desk, { state: 'failed', problem: failure });
    if (!failure.status || failure.status >= 500) {
      retry = window.setTimeout(read, RETRY_MS);
    }
  } finally {
    reading -= 1;
  }
  gridboard.emit('queue');
  if (desk.state === 'ready') {
    gridboard.emit('listed', { list: 'list-waiting', total: desk.total });
  }
}

function restart() {
  Object.assign(desk, { items: [], state: 'loading' });
  gridboard.emit('queue');
  read();
}

const again = debounced(500, read);

function groupOf(item, group) {
  if (group === 'category') {
    return { key: item.category, label: item.category_name };
  }
  return item.below
    ? { key: item.below.code, label: item.below.name }
    : { key: '', label: gridboard.text('js.desk.here') };
}

/** The rows as they stand: cases, under the heads of their groups; the group with the least time left comes first. */
desk.rows = function rows() {
  const { group } = desk.wanted();
  if (group === 'none') {
    return desk.items.map((item) => ({ type: 'case', key: item.case_no, item }));
  }
  const groups = new Map();
  desk.items.forEach((item) => {
    const { key, label } = groupOf(item, group);
    if (!groups.has(key)) {
      groups.set(key, { type: 'group', key: `group ${key}`, code: key, label, items: [] });
    }
    groups.get(key).items.push(item);
  });
  return [...groups.values()].flatMap((head) => [
    head,
    ...(desk.collapsed.has(head.code)
      ? []
      : head.items.map((item) => ({ type: 'case', key: item.case_no, item, head }))),
  ]);
};

/** Numbers of the cases in the order of the screen. */
desk.order = () =>
  desk
    .rows()
    .filter((row) => row.type === 'case' && !row.item.going)
    .map((row) => row.key);
desk.find = (no) => desk.items.find((item) => item.case_no === no && !item.going) || null;

function drop(no) {
  const before = desk.items.length;
  desk.items = desk.items.filter((item) => item.case_no !== no);
  if (desk.items.length < before) {
    gridboard.emit('queue');
  }
}

/** A case that another took says so for a moment, then goes. */
function leaves(item, { act, by }) {
  desk.total = Math.max(0, desk.total - 1);
  if (gridboard.selection().includes(item.case_no)) {
    gridboard.select(gridboard.selection().filter((no) => no !== item.case_no));
  }
  if (desk.mine.has(item.case_no)) {
    drop(item.case_no);
    return;
  }
  const who = by && (by.organisation || gridboard.text(`role.${by.role}`));
  item.going = gridboard.text('js.desk.gone', { who: who || '', move: gridboard.text(`move.${act}`) });
  gridboard.emit('queue');
  window.setTimeout(() => {
    if (item.going) {
      drop(item.case_no);
    }
  }, GOING_MS);
}

/** What is being read was asked for before this change: its answer would bring the case back. */
function overtake() {
  if (!reading) {
    return;
  }
  turn += 1;
  again();
}

function heard(change) {
  if (!desk.here()) {
    return;
  }
  const item = change.case_no && desk.find(change.case_no);
  const status = change.to_status || change.marker?.status;
  if (item && status && status !== 'waiting') {
    leaves(item, change);
    overtake();
    return;
  }
  if (!item && status !== 'waiting' && change.case_no) {
    return;
  }
  again();
}

/** Who looks at which, as it is told every few seconds. */
desk.watch = function watch(seen) {
  desk.items.forEach((item) => {
    item.watching = seen.get(item.case_no) || [];
  });
  gridboard.emit('queue');
};

gridboard.on('case', heard);
gridboard.on('snapshot', again);
gridboard.on('refresh', again);
gridboard.on('address', () => {
  if (!desk.here()) {
    return;
  }
  const before = new URLSearchParams(asked || '?none');
  const now = new URLSearchParams(window.location.search);
  const other = ['area', ...NARROWINGS].some((name) => (before.get(name) || '') !== (now.get(name) || ''));
  if (asked === null || other) {
    restart();
  } else {
    gridboard.emit('queue');
  }
});
Object.assign(desk, { read, restart, again, NARROWINGS, drop });

// The page may be drawn after the address was told.
new MutationObserver(() => {
  const list = document.getElementById('list-waiting');
  if (!list || list.adopted || !desk.here()) {
    return;
  }
  list.adopted = true;
  asked = null;
  restart();
  gridboard.emit('desk');
}).observe(document.documentElement, { childList: true, subtree: true });
