/* The lists of cases of a page, as long as it stands: which of them is read again when. */
import { bus } from '../core/bus.mjs';
import { setProps } from '../core/dash.mjs';
import { action, delegate } from '../core/dom.mjs';
import { isFiltered } from '../core/filter.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';
import { debounced, every, pause } from '../core/timers.mjs';
import { CaseList } from './case_list.mjs';

const RENEW_MS = 400;
const TYPED_MS = 250;
const MINUTE_MS = 60000;
const LONGEST_WAIT_MS = 3000;

/** What a press on the columns and outputs of a list does: panels/case_list.mjs. */
const PRESSES = ['choose-column', 'column-earlier', 'reset-columns', 'export-list', 'print-list'];

function toggle(button, selector) {
  const part = button.closest('.case-list').querySelector(selector);
  part.hidden = !part.hidden;
  button.setAttribute('aria-expanded', String(!part.hidden));
}

export class CaseLists extends Part {
  #page;
  #lists = new Map();
  #renew = debounced(RENEW_MS, () => this.#each((list) => list.renew()));
  #restart = debounced(0, () => this.#readFirst());
  #late = 0;

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    const repaint = () => this.#each((list) => list.repaint());
    const typed = debounced(TYPED_MS, () => this.#each((list) => list.restart()));
    store.watch(['area', 'filter'], this.#restart, signal);
    store.watch('config', () => isFiltered(store.state.filter) && this.#restart(), signal);
    store.watch(['case', 'selection'], repaint, signal);
    ['case', 'snapshot', 'refresh'].forEach((event) => bus.on(event, this.#renew, signal));
    action('toggle-filters', (button) => toggle(button, '.list-filters'));
    action('toggle-list-more', (button) => toggle(button, '.list-more'));
    for (const name of PRESSES) {
      action(name, (button) => this.#listOf(button).press(name, button));
    }
    delegate('input', '.case-list .list-query', typed, { signal });
    // times left pass without any event
    every(MINUTE_MS, repaint, signal);
  }

  pageMounted() {
    this.#lists.forEach((list) => list.end());
    const sections = [...document.querySelectorAll('[data-case-list]')];
    const lists = sections.map((section) => new CaseList(section, this.#page));
    this.#lists = new Map(lists.map((list) => [list.name, list]));
    // the map comes first: a browser has six connections
    Promise.race([this.#page.mapPainted, pause(LONGEST_WAIT_MS)]).then(this.#restart);
  }

  /** First pages, as the callback answers: both lists of an area, or why there is none. */
  take({ area, pages, problem }) {
    if (area === store.state.area) {
      clearTimeout(this.#late);
      this.#each((list) => list.take(pages?.[list.status], problem));
    }
  }

  /** Numbers of the cases of a list that have been read, in its order. */
  order(name) {
    return this.#lists.get(name)?.order ?? [];
  }

  renewAll() {
    this.#renew();
  }

  /** Lists that are as they come are read together; one that is narrowed or ordered asks for its own. */
  #readFirst() {
    const plain = [...this.#lists.values()].filter((list) => list.isPlain);
    this.#each((list) => (plain.includes(list) ? list.await() : list.restart()));
    clearTimeout(this.#late);
    if (plain.length) {
      setProps('listed-area', { data: store.state.area });
      this.#late = setTimeout(() => plain.forEach((list) => list.restart()), LONGEST_WAIT_MS);
    }
  }

  #listOf(element) {
    return this.#lists.get(element.closest('.case-list').dataset.caseList);
  }

  #each(work) {
    this.#lists.forEach(work);
  }
}
