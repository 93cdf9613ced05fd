/* A list of cases beside the map: pages of /api/cases by keyset cursor, the next one read when its place comes into
   view. A refresh keeps scroll and focus. */
import { bus } from '../core/bus.mjs';
import { make } from '../core/dom.mjs';
import { waitingQuery } from '../core/filter.mjs';
import { number, timeOfDay } from '../core/format.mjs';
import { fetchJson, query } from '../core/http.mjs';
import { filterWords, pageFilter } from '../core/page_filter.mjs';
import { store } from '../core/store.mjs';
import { text } from '../core/words.mjs';
import { caseCells, caseSign } from './case_cells.mjs';
import { ListColumns } from './list_columns.mjs';
import { exportList, printList } from './list_outputs.mjs';
import { VirtualList } from './virtual_list.mjs';

const PAGE = 100;
const ROW_PX = 52;
const MORE = 'more';
const NONE = { items: [], next_cursor: null, total: 0 };
const OPEN_SETS = ['open', 'waiting', 'overdue'];

export class CaseList {
  #page;
  #section;
  #items = [];
  #cursor = null;
  #total = 0;
  #turn = 0;
  #reading = false;
  #awaited = false;
  #list;
  #columns;

  currentKey = null;
  headRows = 1;

  constructor(section, page) {
    this.#page = page;
    this.#section = section;
    this.name = section.dataset.caseList;
    this.status = section.dataset.status;
    this.#columns = new ListColumns(section, page);
    this.#list = new VirtualList(document.getElementById(this.name), this);
    section.addEventListener('click', (event) => this.#clicked(event));
    section.addEventListener('keydown', (event) => this.#pressed(event));
  }

  end() {
    this.#turn += 1;
    this.#list.end();
  }

  get order() {
    return this.#items.map((item) => item.case_no);
  }

  /** Asks again from the start: another area, another filter. */
  restart() {
    this.#rewind();
    return this.#readFirst();
  }

  /** From the start, when `take` brings it. */
  await() {
    this.#rewind();
    this.#turn += 1;
    this.#awaited = true;
  }

  /** Whether it is as it comes: no filter, the usual order. */
  get isPlain() {
    return !this.#columns.sort && JSON.stringify(this.#filters) === JSON.stringify({ status: this.status });
  }

  /** Reads the loaded rows again, but not under a hand that is about to click. */
  renew() {
    const { heldMs } = this.#list;
    if (heldMs) {
      setTimeout(() => this.renew(), heldMs);
    } else {
      this.#readFirst(Math.max(PAGE, this.#items.length));
    }
  }

  /** Draws what is in view again: times pass, cases are chosen. */
  repaint() {
    this.currentKey = store.state.case;
    this.#list.paint();
  }

  /** Says what is filtered, and brings the list that a count opens into view. */
  label() {
    const { list } = store.state.filter;
    const chip = this.#section.querySelector('.list-filter');
    const words = this.name === 'list-open' ? filterWords().join(' · ') : '';
    chip.hidden = !words;
    chip.querySelector('.list-filter-name').textContent = words;
    this.#title(this.#isFiling);
    const opened = list && (list === 'waiting' ? 'list-waiting' : 'list-open') === this.name;
    this.#section.classList.toggle('opened', Boolean(opened));
    if (opened) {
      this.#section.scrollIntoView({ block: 'nearest' });
    }
  }

  /** The same list shows what is to be filed: no clock runs there, so the time of the settlement takes its column. */
  #title(filing) {
    const shown = filing ? 'to_file' : this.#isOfItsSet ? this.status : 'all';
    const words = text(`js.list-title.${shown}`);
    const name = this.#section.querySelector('.list-name');
    if (name) {
      name.textContent = words;
    }
    for (const part of this.#section.querySelectorAll('.list-grid, .case-rows')) {
      part.setAttribute('aria-label', words);
    }
    for (const turn of this.#section.querySelectorAll('[data-turn]')) {
      turn.setAttribute('aria-pressed', String(turn.dataset.turn === shown));
    }
    this.#nameTimes(filing);
  }

  #nameTimes(filing) {
    const column = this.#section.querySelector('.column-clock .list-column');
    const sort = filing ? 'settled_at' : 'due_at';
    if (column.dataset.sorts !== sort) {
      const words = text(`js.list.column.${sort}`);
      Object.assign(column, { textContent: words, title: words });
      column.setAttribute('aria-label', words);
      if (this.#columns.sort.endsWith(column.dataset.sorts)) {
        this.#orderBy('');
      }
      column.dataset.sorts = sort;
      this.#columns.arrange();
    }
  }

  /** The first page that is awaited, or the code of the problem; what was asked for otherwise meanwhile stays. */
  take(page, problem) {
    if (!this.#awaited || !this.isPlain) {
      return;
    }
    if (page) {
      this.#put(page.items, page);
    } else {
      this.#refuse(problem);
    }
  }

  get rowCount() {
    return this.#total;
  }

  heightOf() {
    return ROW_PX;
  }

  createRow(row) {
    const element = make('div', row.type === MORE ? 'case-row case-row-more' : 'case-row');
    if (row.type === MORE) {
      element.append(make('span', 'row-wait'));
    } else {
      element.dataset.caseNo = row.key;
      element.tabIndex = -1;
    }
    return element;
  }

  fillRow(element, { type, item }) {
    if (type === MORE) {
      return;
    }
    const { selection } = store.state;
    const chosen = item.case_no === store.state.case;
    element.classList.toggle('chosen', chosen);
    element.classList.toggle('picked', selection.includes(item.case_no));
    element.setAttribute('aria-selected', String(chosen));
    const { names } = this.#columns;
    const sign = caseSign(item, names);
    if (element.sign !== sign) {
      element.sign = sign;
      element.replaceChildren(...caseCells(item, names));
    }
  }

  painted(list, to) {
    if (this.#cursor && to >= list.rows.length) {
      this.#readMore();
    }
  }

  get #isFiling() {
    return this.name === 'list-open' && store.state.filter.list === 'to_file';
  }

  /** Whether what is listed is part of what its title says. */
  get #isOfItsSet() {
    const { status } = this.#filters ?? {};
    return status === this.status || (this.status === 'open' && OPEN_SETS.includes(status));
  }

  /** The query of /api/cases without its paging: the filter of the page, then the words typed above; null where no case
      can be both. */
  get #filters() {
    const shown = pageFilter();
    const usual = Object.keys(shown).length ? shown : { status: this.status };
    const wanted = this.status === 'waiting' ? waitingQuery(shown) : usual;
    const words = this.#section.querySelector('.list-query input, input.list-query')?.value.trim();
    return wanted && words ? { ...wanted, q: words } : wanted;
  }

  #path(cursor, limit) {
    return `/api/cases${query({ ...this.#filters, area: store.state.area, limit, sort: this.#columns.sort, cursor })}`;
  }

  async #readFirst(limit = PAGE) {
    this.#turn += 1;
    const turn = this.#turn;
    try {
      await this.#page.session;
      const page = this.#filters ? await fetchJson(this.#path(null, Math.min(limit, 500))) : NONE;
      if (turn === this.#turn) {
        this.#put(page.items, page);
      }
    } catch (failure) {
      if (turn === this.#turn) {
        this.#refuse(failure.status === 403 ? 'forbidden' : '');
      }
    }
  }

  async #readMore() {
    if (this.#reading) {
      return;
    }
    this.#reading = true;
    const turn = this.#turn;
    try {
      const page = await fetchJson(this.#path(this.#cursor, PAGE));
      if (turn === this.#turn) {
        this.#put([...this.#items, ...page.items], page);
      }
    } catch {
      // the next scroll asks again
    } finally {
      this.#reading = false;
    }
  }

  #rewind() {
    this.label();
    this.#list.scrollToStart();
  }

  #refuse(problem) {
    this.#awaited = false;
    this.#items = [];
    this.#cursor = null;
    this.#total = 0;
    this.#list.setRows([]);
    this.#columns.setStop(true);
    this.#say(text(problem === 'forbidden' ? 'js.list.forbidden' : 'js.list.failed'));
  }

  #put(items, { next_cursor: cursor, total }) {
    this.#awaited = false;
    this.#items = items;
    this.#cursor = cursor;
    this.#total = total;
    const rows = items.map((item) => ({ type: 'case', key: item.case_no, item }));
    this.#list.setRows(cursor ? [...rows, { type: MORE, key: MORE }] : rows);
    this.#columns.setStop(!items.length);
    document.getElementById(`${this.name}-total`).textContent = number(total);
    if (this.name === 'list-open') {
      bus.emit('listed', { total });
    }
    this.#say(total ? '' : this.#emptyWords, total ? '' : text('js.list.checked', { at: timeOfDay(store.now()) }));
  }

  get #emptyWords() {
    const known = { waiting: 'js.list.none-waiting', to_file: 'js.list.none-to_file' };
    const plain = Object.keys(pageFilter()).length < 2;
    return text((plain && known[this.#isFiling ? 'to_file' : this.status]) || 'js.list.none');
  }

  #say(words, hint = '') {
    const place = this.#section.querySelector('.list-empty');
    place.querySelector('.state-words').textContent = words;
    place.querySelector('.state-hint').textContent = hint;
    place.hidden = !words;
  }

  /** What a press on a part of the columns and outputs does, by the name of its action. */
  press(name, button) {
    const item = button.closest('.column-item');
    const acts = {
      'choose-column': () => this.#columns.choose(item),
      'column-earlier': () => this.#columns.earlier(item),
      'reset-columns': () => this.#reset(),
      'export-list': () => this.#takeAway((asked) => exportList(button, asked, this.#page.toasts)),
      'print-list': () => this.#takeAway(printList),
    };
    acts[name]();
    this.repaint();
  }

  #reset() {
    this.#columns.reset();
    this.#orderBy('');
    this.restart();
  }

  /** All that is filtered, in the columns and the order that are shown; nothing where no case can be both. */
  #takeAway(work) {
    if (!this.#filters) {
      this.#page.toasts.show(text('js.list.none'), { bad: true });
      return;
    }
    const names = this.#columns.names.map((name) => (name === 'clock' && this.#isFiling ? 'settled_at' : name));
    const { area } = store.state;
    work({ ...this.#filters, area, sort: this.#columns.sort, columns: [...new Set(names)].join(',') });
  }

  #clicked(event) {
    const row = event.target.closest('.case-row[data-case-no]');
    const column = event.target.closest('[data-sort]');
    const turn = event.target.closest('[data-turn]');
    if (turn) {
      this.#page.address.navigate({ list: this.#isUsual(turn.dataset.turn) ? null : turn.dataset.turn });
    } else if (row) {
      this.#open(row.dataset.caseNo, event.shiftKey);
    } else if (column) {
      this.#sortBy(column);
    }
  }

  /** A set that needs no word: a period alone would list all of them. */
  #isUsual(set) {
    const { reported, settled } = store.state.filter;
    return set === this.status && !reported && !settled;
  }

  #pressed(event) {
    const row = event.target.closest('.case-row[data-case-no]');
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.target.closest('.list-column')) {
      this.#pressedInHead(event);
    } else if (row && by) {
      event.preventDefault();
      this.#stepFrom(row.dataset.caseNo, by);
    } else if (row && event.key === 'Enter') {
      event.preventDefault();
      this.#open(row.dataset.caseNo, event.shiftKey);
    }
  }

  /** Above the first row are the headings. */
  #stepFrom(no, by) {
    if (by < 0 && no === this.order[0]) {
      this.#columns.headings[0].focus();
    } else {
      this.#list.step(by);
    }
  }

  #pressedInHead(event) {
    const { headings } = this.#columns;
    const last = headings.length - 1;
    const at = headings.indexOf(event.target.closest('.list-column'));
    const to = { ArrowLeft: Math.max(0, at - 1), ArrowRight: Math.min(last, at + 1), Home: 0, End: last }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      headings[to].focus();
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      this.#list.focus(this.#list.current ?? this.order[0]);
    }
  }

  #open(no, together) {
    const { selection } = store.state;
    if (!together) {
      this.#page.address.navigate({ case: no });
    } else {
      store.select(selection.includes(no) ? selection.filter((other) => other !== no) : [...selection, no]);
    }
  }

  /** Up, down, and back to the usual order. */
  #sortBy(column) {
    const name = column.dataset.sort;
    this.#orderBy({ '': name, [name]: `-${name}`, [`-${name}`]: '' }[this.#columns.sort] ?? name);
    this.#columns.keep();
    this.restart();
  }

  #orderBy(sort) {
    this.#columns.sort = sort;
    for (const other of this.#section.querySelectorAll('[data-sort]')) {
      const direction = { [other.dataset.sort]: 'ascending', [`-${other.dataset.sort}`]: 'descending' }[sort];
      other.closest('[role="columnheader"]').setAttribute('aria-sort', direction || 'none');
    }
  }
}
