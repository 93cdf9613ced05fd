/* The rows of the queue: as many elements as the screen holds. What somebody reads stays where it is while others come and go. */
import { gridboard } from '../core/gridboard.mjs';

const { make, action, scale } = gridboard.ui;
const { desk } = gridboard;
const CASE_PX = 58;
const GROUP_PX = 34;
const OVER_PX = 400;
const HELD_MS = 1500;

const pool = new Map();
let rows = [];
let anchor = null;
let touched = 0;
let cursor = null;

const box = () => document.querySelector('.queue-list');
const number = (n) => new Intl.NumberFormat(document.documentElement.lang).format(n);
const label = (key, values) => gridboard.text(key, values);

function icon(name, words) {
  const sign = make('span', 'icon');
  sign.style.setProperty('--icon', `url("/assets/icons/${name}.svg")`);
  if (words) {
    sign.setAttribute('role', 'img');
    sign.setAttribute('aria-label', words);
  } else {
    sign.setAttribute('aria-hidden', 'true');
  }
  return sign;
}

function canvas() {
  let inner = box().querySelector('.queue-canvas');
  if (!inner) {
    pool.clear();
    inner = make('div', 'queue-canvas');
    inner.setAttribute('role', 'presentation');
    const pin = make('div', 'queue-pin');
    pin.hidden = true;
    pin.setAttribute('aria-hidden', 'true');
    box().replaceChildren(pin, inner);
    box().addEventListener('scroll', paint, { passive: true });
    box().addEventListener('pointermove', () => {
      touched = Date.now();
    });
    new ResizeObserver(() => draw()).observe(box());
  }
  return inner;
}

/** What the eye rests on: the first whole row, and how far under the edge it stands. */
function restingOn() {
  const list = box();
  if (!list || (list.scrollTop === 0 && Date.now() - touched > HELD_MS && !list.contains(document.activeElement))) {
    return null;
  }
  const row = rows.find((one) => one.type === 'case' && one.top >= list.scrollTop);
  return row ? { key: row.key, under: row.top - list.scrollTop } : null;
}

function measure() {
  const size = scale();
  let top = 0;
  rows.forEach((row) => {
    row.height = (row.type === 'case' ? CASE_PX : GROUP_PX) * size;
    row.top = top;
    top += row.height;
  });
  canvas().style.height = `${top}px`;
  box().setAttribute('aria-rowcount', String(rows.length));
}

function draw() {
  const list = box();
  if (!list || !desk.here()) {
    return;
  }
  anchor = restingOn();
  rows = desk.rows();
  measure();
  const kept = anchor && rows.find((row) => row.key === anchor.key);
  if (kept) {
    list.scrollTop = kept.top - anchor.under;
  }
  paint();
  desk.tell();
}

function paint() {
  const list = box();
  if (!list) {
    return;
  }
  const [from, to] = [list.scrollTop - OVER_PX, list.scrollTop + list.clientHeight + OVER_PX];
  const shown = rows.filter((row) => row.top + row.height >= from && row.top <= to);
  const held = document.activeElement?.closest?.('#list-waiting .queue-row');
  const wanted = new Set(shown.map((row) => row.key));
  pool.forEach((element, key) => {
    if (!wanted.has(key) && element !== held) {
      element.remove();
      pool.delete(key);
    }
  });
  shown.forEach((row) => place(row));
  if (!rows.some((row) => row.key === cursor)) {
    cursor = null;
  }
  stops();
  pin(list.scrollTop);
}

function place(row) {
  let element = pool.get(row.key);
  if (!element) {
    element = row.type === 'case' ? caseElement(row) : groupElement(row);
    pool.set(row.key, element);
    canvas().append(element);
  }
  element.style.top = `${row.top}px`;
  element.style.height = `${row.height}px`;
  element.setAttribute('aria-rowindex', String(rows.indexOf(row) + 1));
  if (row.type === 'case') {
    fill(element, row.item);
  } else {
    fillGroup(element, row);
  }
}

/** The head of the group whose rows stand at the upper edge. */
function pin(top) {
  const element = box().querySelector('.queue-pin');
  const at = rows.filter((row) => row.type === 'group' && row.top <= top).pop();
  const over = at && at.top < top && !desk.collapsed.has(at.code);
  element.hidden = !over;
  if (!over) {
    return;
  }
  element.dataset.code = at.code;
  fillGroup(element, at);
}

function groupElement(row) {
  const element = make('div', 'queue-group');
  element.setAttribute('role', 'row');
  element.dataset.code = row.code;
  return element;
}

function fillGroup(element, row) {
  const picked = row.items.filter((item) => gridboard.selection().includes(item.case_no)).length;
  const open = !desk.collapsed.has(row.code);
  const sign = `${row.code} ${row.label} ${row.items.length} ${picked} ${open}`;
  if (element.sign === sign) {
    return;
  }
  element.sign = sign;
  const fold = make('button', 'queue-fold');
  fold.type = 'button';
  fold.dataset.action = 'queue-fold';
  fold.setAttribute('aria-expanded', String(open));
  fold.append(
    icon('chevron-down'),
    make('span', 'queue-group-name', row.label),
    make('span', 'list-total', number(row.items.length)),
  );
  const all = make(
    'button',
    'queue-all',
    label(picked === row.items.length ? 'js.desk.none-of-group' : 'js.desk.all-of-group'),
  );
  all.type = 'button';
  all.dataset.action = 'queue-all-of-group';
  element.replaceChildren(fold, all);
}

function caseElement(row) {
  const element = make('div', 'queue-row');
  element.setAttribute('role', 'row');
  element.dataset.caseNo = row.key;
  element.tabIndex = -1;
  return element;
}

const others = (item) => (item.watching || []).filter((one) => !one.you);

function fill(element, item) {
  const clock = gridboard.clock(item);
  const age = label('js.age', { length: gridboard.length(gridboard.now() - Date.parse(item.reported_at)) });
  const picked = gridboard.selection().includes(item.case_no);
  const chosen = gridboard.state().case === item.case_no;
  const sign = JSON.stringify([
    item.version,
    item.title,
    clock.text,
    age,
    picked,
    chosen,
    item.duplicates,
    item.watching,
    item.going,
  ]);
  if (element.sign === sign) {
    return;
  }
  element.sign = sign;
  element.classList.toggle('chosen', chosen);
  element.classList.toggle('picked', picked);
  element.classList.toggle('going', Boolean(item.going));
  element.setAttribute('aria-selected', String(picked));
  if (chosen) {
    element.setAttribute('aria-current', 'true');
  } else {
    element.removeAttribute('aria-current');
  }
  element.replaceChildren(pickCell(item, picked), mainCell(item), sideCell(item, clock, age));
}

function cell(className) {
  const element = make('div', className);
  element.setAttribute('role', 'gridcell');
  return element;
}

function pickCell(item, picked) {
  const element = cell('queue-pick');
  const name = `${label(`kind.${item.kind}`)} · ${label(`severity.${item.severity}`)}`;
  const mark = make('span', `mark mark-${item.kind} mark-${item.severity} mark-hollow`);
  mark.setAttribute('role', 'img');
  mark.setAttribute('aria-label', name);
  const check = make('button', 'queue-check');
  check.type = 'button';
  check.tabIndex = -1;
  check.dataset.action = 'queue-pick';
  check.title = name;
  check.setAttribute('role', 'checkbox');
  check.setAttribute('aria-checked', String(picked));
  check.setAttribute('aria-label', label('js.desk.pick', { no: item.case_no }));
  check.append(icon('check'));
  element.append(mark, check);
  return element;
}

function mainCell(item) {
  const element = cell('queue-main');
  element.title = `${item.case_no} ${item.title}`;
  element.append(make('span', 'queue-title', item.going || item.title));
  const where = item.area_name || item.below?.name || '';
  element.append(make('span', 'queue-place', [item.category_name, where].filter(Boolean).join(' · ')));
  return element;
}

function sideCell(item, clock, age) {
  const element = cell('queue-side');
  const time = make('span', `queue-clock ${clock.className}`, clock.text);
  if (item.due_at) {
    time.title = gridboard.deadline(item.due_at);
  }
  const line = make('span', 'queue-signs');
  if (item.duplicates) {
    line.append(alikeButton(item));
  }
  const seen = others(item);
  if (seen.length) {
    line.append(eyes(seen));
  }
  line.append(make('span', 'queue-age', age));
  element.append(time, line);
  return element;
}

function alikeButton(item) {
  const words = label('js.desk.duplicates', { n: item.duplicates });
  const button = make('button', 'queue-alike');
  button.type = 'button';
  button.tabIndex = -1;
  button.title = words;
  button.setAttribute('aria-label', words);
  button.dataset.action = 'compare';
  button.append(icon('copy'), make('span', '', number(item.duplicates)));
  return button;
}

function eyes(seen) {
  const claimed = seen.some((one) => one.claimed);
  const element = make('span', claimed ? 'queue-eyes claimed' : 'queue-eyes');
  const words = seen
    .map((one) => label(one.claimed ? 'js.desk.claimed-by' : 'js.desk.seen-by', { who: desk.who(one) }))
    .join('\n');
  element.title = words;
  element.append(icon(claimed ? 'lock' : 'eye', words), make('span', '', number(seen.length)));
  return element;
}

/** One row is in the way of the tab key: where the hand stands, else the open case, else the first. */
function stops() {
  const at =
    cursor ||
    (pool.has(gridboard.state().case) ? gridboard.state().case : rows.find((row) => row.type === 'case')?.key);
  pool.forEach((element, key) => {
    if (element.classList.contains('queue-row')) {
      element.tabIndex = key === at ? 0 : -1;
    }
  });
}

function show(no) {
  const row = rows.find((one) => one.key === no);
  const list = box();
  if (!row || !list) {
    return;
  }
  const head = row.head ? GROUP_PX * scale() : 0;
  if (row.top - head < list.scrollTop) {
    list.scrollTop = row.top - head;
  } else if (row.top + row.height > list.scrollTop + list.clientHeight) {
    list.scrollTop = row.top + row.height - list.clientHeight;
  }
  paint();
}

function focus(no) {
  if (!no) {
    return;
  }
  cursor = no;
  show(no);
  const element = pool.get(no);
  if (element) {
    stops();
    element.focus({ preventScroll: true });
  }
}

/** The case where the hand stands: the focused row, else the open case. */
function at() {
  return cursor || gridboard.state().case || null;
}

function step(by) {
  const order = desk.order();
  const now = order.indexOf(at());
  focus(order[now < 0 ? 0 : Math.min(order.length - 1, Math.max(0, now + by))]);
}

action('queue-fold', (button) => {
  const code = button.closest('[data-code]').dataset.code;
  if (desk.collapsed.has(code)) {
    desk.collapsed.delete(code);
  } else {
    desk.collapsed.add(code);
  }
  draw();
});
document.addEventListener('focusin', (event) => {
  const row = event.target.closest?.('#list-waiting .queue-row');
  if (row) {
    cursor = row.dataset.caseNo;
    stops();
  }
});

gridboard.on('queue', draw);
gridboard.on('selection', () => {
  if (box()) {
    paint();
  }
});
gridboard.on('chosen', (no) => {
  if (!box() || !desk.here()) {
    return;
  }
  if (no && document.activeElement !== pool.get(cursor)) {
    cursor = null;
  }
  paint();
  if (no && Date.now() - touched > HELD_MS) {
    show(no);
  }
});
// Times left pass without any event.
window.setInterval(() => {
  if (box()) {
    paint();
  }
}, 20000);

desk.list = { focus, step, at, show, draw, rows: () => rows, icon };
