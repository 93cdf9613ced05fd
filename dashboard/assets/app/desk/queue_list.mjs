/* The rows of the queue on the screen: cases, the heads of their groups, and the head that is pinned to the upper
   edge. */
import { bus } from '../core/bus.mjs';
import { action, icon, make, makeButton } from '../core/dom.mjs';
import { age, number, timeLeft } from '../core/format.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';
import { every } from '../core/timers.mjs';
import { text } from '../core/words.mjs';
import { clock, gridCell, mark, markName } from '../panels/case_cells.mjs';
import { VirtualList } from '../panels/virtual_list.mjs';
import { watcherName } from './viewers.mjs';

const CASE_PX = 58;
const GROUP_PX = 34;
const REPAINT_MS = 20000;

const pickedOf = (row) => row.items.filter((item) => store.state.selection.includes(item.case_no)).length;

function pickCell(item, picked) {
  const cell = gridCell('queue-pick');
  const check = makeButton('queue-check', null, { action: 'queue-pick' });
  check.tabIndex = -1;
  check.title = markName(item);
  check.setAttribute('role', 'checkbox');
  check.setAttribute('aria-checked', String(picked));
  check.setAttribute('aria-label', text('js.desk.pick', { no: item.case_no }));
  check.append(icon('check'));
  cell.append(mark(item), check);
  return cell;
}

function mainCell(item) {
  const cell = gridCell('queue-main');
  cell.title = `${item.case_no} ${item.title}`;
  const place = item.area_name || item.below?.name || '';
  cell.append(
    make('span', 'queue-title', item.going || item.title),
    make('span', 'queue-place', [item.category_name, place].filter(Boolean).join(' · ')),
  );
  return cell;
}

function duplicatesButton({ duplicates: n }) {
  const words = text('js.desk.duplicates', { n });
  const button = makeButton('queue-alike', null, { action: 'compare' });
  button.tabIndex = -1;
  button.title = words;
  button.setAttribute('aria-label', words);
  button.append(icon('copy'), make('span', '', number(n)));
  return button;
}

function viewersSign(viewers) {
  const claimed = viewers.some((one) => one.claimed);
  const key = (one) => (one.claimed ? 'js.desk.claimed-by' : 'js.desk.seen-by');
  const words = viewers.map((one) => text(key(one), { who: watcherName(one) })).join('\n');
  const sign = make('span', claimed ? 'queue-eyes claimed' : 'queue-eyes');
  sign.title = words;
  sign.append(icon(claimed ? 'lock' : 'eye', words), make('span', '', number(viewers.length)));
  return sign;
}

function sideCell(item) {
  const cell = gridCell('queue-side');
  const signs = make('span', 'queue-signs');
  const viewers = (item.watching || []).filter((one) => !one.you);
  signs.append(
    ...(item.duplicates ? [duplicatesButton(item)] : []),
    ...(viewers.length ? [viewersSign(viewers)] : []),
    make('span', 'queue-age', age(item.reported_at)),
  );
  // whatever waits is late by the clock of dispatching: that need not be said in each row
  cell.append(clock({ ...item, clock: null }, 'queue-clock'), signs);
  return cell;
}

/** Draws an element anew only when what it says has changed. */
function redrawn(element, sign, draw) {
  if (element.sign !== sign) {
    element.sign = sign;
    draw();
  }
}

export class QueueList extends Part {
  #page;
  #list = null;
  #pin = make('div', 'queue-pin');

  constructor(page) {
    super();
    this.#page = page;
    this.#pin.setAttribute('aria-hidden', 'true');
  }

  connect(signal) {
    bus.on('queue', () => this.draw(), signal);
    store.watch('selection', () => this.#list?.paint(), signal);
    store.watch('case', (no) => this.#chosen(no), signal);
    action('queue-fold', (button) => this.#page.queue.fold(button.closest('[data-code]').dataset.code));
    // times left pass without any event
    every(REPAINT_MS, () => this.#list?.paint(), signal);
  }

  pageMounted() {
    this.#list?.end();
    const box = document.querySelector('.queue-list');
    this.#list = box ? new VirtualList(box, this) : null;
    box?.prepend(this.#pin);
    this.draw();
  }

  draw() {
    this.#list?.setRows(this.#page.queue.rows);
  }

  get rows() {
    return this.#list.rows;
  }

  /** The case where the hand stands: the focused row, else the open case. */
  get current() {
    return this.#list?.current ?? store.state.case;
  }

  step(by) {
    this.#list?.step(by);
  }

  focus(no) {
    this.#list?.focus(no);
  }

  get currentKey() {
    return store.state.case;
  }

  heightOf(row) {
    return row.type === 'case' ? CASE_PX : GROUP_PX;
  }

  headOf(row) {
    return row.head ? GROUP_PX : 0;
  }

  createRow(row) {
    const element = make('div', row.type === 'case' ? 'queue-row' : 'queue-group');
    if (row.type === 'case') {
      element.dataset.caseNo = row.key;
      element.tabIndex = -1;
    } else {
      element.dataset.code = row.code;
    }
    return element;
  }

  fillRow(element, row) {
    if (row.type === 'case') {
      this.#fillCase(element, row.item);
    } else {
      this.#fillGroup(element, row);
    }
  }

  /** The head of the group whose rows stand at the upper edge. */
  painted(list) {
    const { scrollTop } = list.box;
    const head = list.rows.findLast((row) => row.type === 'group' && row.top <= scrollTop);
    const over = head && head.top < scrollTop && !this.#page.queue.isFolded(head.code);
    this.#pin.hidden = !over;
    if (over) {
      this.#pin.dataset.code = head.code;
      this.#fillGroup(this.#pin, head);
    }
  }

  #chosen(no) {
    if (this.#list) {
      this.#list.releaseCursor();
      this.#list.paint();
      if (no && !this.#list.isHeld) {
        this.#list.show(no);
      }
    }
  }

  #fillGroup(element, row) {
    const picked = pickedOf(row);
    const open = !this.#page.queue.isFolded(row.code);
    redrawn(element, JSON.stringify([row.code, row.label, row.items.length, picked, open]), () => {
      const fold = makeButton('queue-fold', null, { action: 'queue-fold' });
      fold.setAttribute('aria-expanded', String(open));
      const count = make('span', 'list-total', number(row.items.length));
      fold.append(icon('chevron-down'), make('span', 'queue-group-name', row.label), count);
      const key = picked === row.items.length ? 'js.desk.none-of-group' : 'js.desk.all-of-group';
      element.replaceChildren(fold, makeButton('queue-all', text(key), { action: 'queue-all-of-group' }));
    });
  }

  #fillCase(element, item) {
    const picked = store.state.selection.includes(item.case_no);
    const chosen = store.state.case === item.case_no;
    const facts = [item.version, item.title, item.duplicates, item.watching, item.going, picked, chosen];
    redrawn(element, JSON.stringify([...facts, timeLeft(item.due_at).text, age(item.reported_at)]), () => {
      element.classList.toggle('chosen', chosen);
      element.classList.toggle('picked', picked);
      element.classList.toggle('going', Boolean(item.going));
      element.setAttribute('aria-selected', String(picked));
      element.setAttribute('aria-current', String(chosen));
      element.replaceChildren(pickCell(item, picked), mainCell(item), sideCell(item));
    });
  }
}
