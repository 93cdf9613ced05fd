/* The columns of a list of cases: chosen, put in order, kept for the person on the server. The elements are the state:
   chips in their order, pressed or not; the headings follow them. */
import { fetchJson } from '../core/http.mjs';
import { text } from '../core/words.mjs';
import { tracks } from './list_tracks.mjs';

const toggleOf = (item) => item.querySelector('[data-action="choose-column"]');
const isChosen = (item) => toggleOf(item).getAttribute('aria-pressed') === 'true';
const placeOf = (item) => Number(item.dataset.place);

/** A heading that cannot be seen sorts nothing. */
function show(heading, chosen) {
  const { dataset } = heading.firstElementChild;
  heading.hidden = !chosen;
  if (!chosen) {
    delete dataset.sort;
  } else if (dataset.sorts) {
    dataset.sort = dataset.sorts;
  }
}

export class ListColumns {
  #section;
  #page;
  #kept = Promise.resolve();

  sort;

  constructor(section, page) {
    this.#section = section;
    this.#page = page;
    this.sort = section.dataset.sortOrder || '';
    this.arrange();
  }

  /** Names of the chosen ones, in their order. */
  get names() {
    return this.#items.filter(isChosen).map((item) => item.dataset.column);
  }

  /** Where the arrow keys go above the rows. */
  get headings() {
    return [...this.#section.querySelectorAll('[role="columnheader"]:not([hidden]) > .list-column')];
  }

  /** Whether the headings are in the way of the tab key: only where there is no row. */
  setStop(isStop) {
    this.headings.forEach((heading, n) => {
      heading.tabIndex = isStop && n === 0 ? 0 : -1;
    });
  }

  /** On or off; what is put on comes last. */
  choose(item) {
    const on = !isChosen(item);
    if (!on && this.names.length === 1) {
      this.#page.toasts.show(text('js.list.column-kept'), { bad: true });
      return;
    }
    toggleOf(item).setAttribute('aria-pressed', String(on));
    this.#put(item, on);
    toggleOf(item).focus();
    this.changed();
  }

  earlier(item) {
    item.previousElementSibling?.before(item);
    item.querySelector('.column-earlier:not([hidden]), .column-chip').focus();
    this.changed();
  }

  /** As for everybody. */
  reset() {
    const usual = this.#section.dataset.usual.split(',');
    const inPlace = this.#items.sort((one, other) => placeOf(one) - placeOf(other));
    for (const item of inPlace) {
      toggleOf(item).setAttribute('aria-pressed', String(usual.includes(item.dataset.column)));
    }
    this.#choice.append(...inPlace);
    this.sort = '';
    this.arrange();
    this.#send({ method: 'DELETE' });
  }

  /** Shows what is chosen now and has it kept. */
  changed() {
    this.arrange();
    this.keep();
  }

  keep() {
    this.#send({ method: 'PUT', body: { columns: this.names, sort: this.sort } });
  }

  /** Headings, chips and widths after what is chosen. */
  arrange() {
    const { names } = this;
    const head = this.#section.querySelector('.list-columns');
    const headings = new Map([...head.children].map((one) => [one.dataset.column, one]));
    for (const [name, heading] of headings) {
      show(heading, names.includes(name));
    }
    head.append(...names.map((name) => headings.get(name)));
    this.#items.forEach((item, n) => {
      item.querySelector('.column-earlier').hidden = n === 0 || !isChosen(item);
    });
    this.#lay(names.map((name) => ({ name, width: Number(headings.get(name).dataset.width) })));
  }

  get #choice() {
    return this.#section.querySelector('.column-choice');
  }

  get #items() {
    return [...this.#choice.children];
  }

  #put(item, on) {
    const others = this.#items.filter((other) => other !== item);
    const rest = others.filter((other) => !isChosen(other));
    const next = on ? rest[0] : rest.find((other) => placeOf(other) > placeOf(item));
    this.#choice.insertBefore(item, next ?? null);
  }

  /** Without a choice of one's own the style sheet lays the columns out. */
  #lay(columns) {
    const { style } = this.#section.querySelector('.list-grid');
    const usual = columns.map(({ name }) => name).join(',') === this.#section.dataset.usual;
    const { template, width } = usual ? { template: '', width: '' } : tracks(columns);
    style.setProperty('--columns', template);
    style.setProperty('--list-width', width);
  }

  /** One after the other: the last one stands. */
  #send(request) {
    const path = `/api/profile/lists/${encodeURIComponent(this.#section.dataset.status)}`;
    this.#kept = this.#kept
      .then(() => fetchJson(path, request))
      .catch(() => this.#page.toasts.show(text('js.list.not-kept'), { bad: true }));
  }
}
