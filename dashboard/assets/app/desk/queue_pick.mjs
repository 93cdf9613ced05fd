/* Rows of the queue are opened, and chosen: one by one, from here to there, a group, all that are shown. */
import { gridboard } from '../core/gridboard.mjs';

const { action } = gridboard.ui;
const { desk } = gridboard;
/** As many as one batch takes. */
const MOST = 200;
let from = null;

function add(numbers) {
  const now = gridboard.selection();
  const all = [...new Set([...now, ...numbers])];
  if (all.length > MOST) {
    gridboard.toast(gridboard.text('js.desk.most', { n: MOST }));
  }
  gridboard.select(all.slice(0, MOST));
}

function toggle(no) {
  if (!no || !desk.find(no)) {
    return;
  }
  const now = gridboard.selection();
  from = no;
  if (now.includes(no)) {
    gridboard.select(now.filter((other) => other !== no));
  } else {
    add([no]);
  }
}

/** All rows between the last one that was chosen by hand and this one. */
function upTo(no) {
  const order = desk.order();
  const [a, b] = [order.indexOf(from || desk.list.at()), order.indexOf(no)].sort((x, y) => x - y);
  if (a < 0) {
    toggle(no);
    return;
  }
  add(order.slice(a, b + 1));
}

function extend(by) {
  const here = desk.list.at();
  if (!from) {
    from = here;
  }
  if (here) {
    add([here]);
  }
  desk.list.step(by);
  add([desk.list.at()]);
}

function shown() {
  add(desk.order());
}

const rowOf = (element) => element.closest('.queue-row');

action('queue-pick', (button, event) => {
  const { caseNo } = rowOf(button).dataset;
  if (event.shiftKey) {
    upTo(caseNo);
  } else {
    toggle(caseNo);
  }
});
action('queue-pick-shown', shown);
action('queue-all-of-group', (button) => {
  const { code } = button.closest('[data-code]').dataset;
  const head = desk.rows().find((row) => row.type === 'group' && row.code === code);
  const numbers = head.items.map((item) => item.case_no);
  const now = gridboard.selection();
  if (numbers.every((no) => now.includes(no))) {
    gridboard.select(now.filter((no) => !numbers.includes(no)));
  } else {
    add(numbers);
  }
});

document.addEventListener('mousedown', (event) => {
  if (event.shiftKey && event.target.closest?.('#list-waiting')) {
    event.preventDefault();
  }
});
document.addEventListener('click', (event) => {
  const row = event.target.closest?.('#list-waiting .queue-row');
  if (!row || event.target.closest('[data-action]')) {
    return;
  }
  if (event.shiftKey) {
    upTo(row.dataset.caseNo);
    return;
  }
  desk.list.focus(row.dataset.caseNo);
  gridboard.go({ case: row.dataset.caseNo });
  desk.stepTo('case');
});
gridboard.on('selection', ({ caseNos }) => {
  if (!caseNos.length) {
    from = null;
  }
});

Object.assign(desk, { pick: { toggle, extend, shown } });
