/* Around the queue: tabs, groups, narrowing, what is chosen, and the words when it is loading, empty, failed or old. */
import { bus } from '../core/bus.mjs';
import { setProps } from '../core/dash.mjs';
import { action, arrowStep, delegate, icon, make, makeButton } from '../core/dom.mjs';
import { moment, number, timeOfDay } from '../core/format.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';
import { debounced } from '../core/timers.mjs';
import { text } from '../core/words.mjs';
import { NARROWINGS } from './queue.mjs';

const TYPED_MS = 300;
const SKELETON_BARS = 8;
const GROUP = '.segments input';
const part = (id) => document.getElementById(id);

function message(title, hint = '', retry = false) {
  const box = make('div', retry ? 'state state-failed' : 'state state-empty');
  box.append(make('p', 'state-words', title));
  if (hint) {
    box.append(make('p', 'state-hint', hint));
  }
  if (retry) {
    box.setAttribute('role', 'alert');
    box.append(makeButton('button', text('js.desk.retry'), { action: 'queue-retry' }));
  }
  return box;
}

function skeleton() {
  const box = make('div', 'queue-skeleton');
  box.setAttribute('aria-busy', 'true');
  box.append(...Array.from({ length: SKELETON_BARS }, () => make('div', 'skeleton-bar')));
  return box;
}

/** Draws children only when they say something else: a button may be under a pointer. */
function exchange(place, children) {
  if (place.innerHTML !== children.map((child) => child.outerHTML).join('')) {
    place.replaceChildren(...children);
  }
  place.hidden = !children.length;
}

function wordsOf(name, value) {
  if (name === 'q') {
    return `“${value}”`;
  }
  return document.querySelector(`[data-narrow="${name}"][data-value="${CSS.escape(value)}"]`)?.textContent ?? value;
}

function narrowedChip(name) {
  const chip = makeButton('list-filter', null, { action: 'queue-widen', name });
  chip.title = text('js.desk.widen');
  chip.append(make('span', '', wordsOf(name, store.state.filter[name])), icon('x'));
  return chip;
}

/** A category belongs to its kind: it goes with it. */
const withoutKind = (name) => (name === 'kind' ? { category: null } : {});

export class QueueTools extends Part {
  #page;

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    const { queue, address } = this.#page;
    const onDesk = (work) => () => this.#page.onDesk && part('queue-state') && work();
    bus.on(
      'queue',
      onDesk(() => this.#draw()),
      signal,
    );
    bus.on(
      'live',
      onDesk(() => this.#drawStale()),
      signal,
    );
    store.watch(
      'selection',
      onDesk(() => this.#drawPicked()),
      signal,
    );
    store.watch(
      ['group', 'filter'],
      onDesk(() => this.#mirror()),
      signal,
    );
    store.watch(
      'case',
      onDesk(() => this.showStep(store.state.case ? 'case' : 'list')),
      signal,
    );
    // a count leads to its list also here
    store.watch(
      ['filter', 'area'],
      onDesk(() => this.#showListTab()),
      signal,
    );
    action('queue-tab', ({ dataset: { tab } }) => address.navigate({ list: tab === 'waiting' ? null : tab }));
    action('queue-retry', () => queue.restart());
    action('queue-widen', ({ dataset: { name } }) => address.navigate({ [name]: null, ...withoutKind(name) }));
    action('queue-filters', (button) => this.#toggleFilters(button));
    action('desk-step', (button) => this.showStep(button.dataset.step));
    delegate('click', '[data-narrow]', (chip) => this.#narrow(chip.dataset.narrow, chip.dataset.value), { signal });
    delegate('change', GROUP, (radio) => this.setGroup(radio.value), { signal });
    delegate('keydown', '[data-tab]', (button, event) => this.#arrowed(button, event), { signal });
    const ask = debounced(TYPED_MS, (words) => address.navigate({ q: words || null }));
    delegate('input', '#queue-query', (box, event) => !event.isComposing && ask(box.value.trim()), { signal });
    delegate('compositionend', '#queue-query', (box) => ask(box.value.trim()), { signal });
  }

  pageMounted() {
    if (this.#page.onDesk) {
      this.#mirror();
      this.#showListTab();
      this.showStep(store.state.case ? 'case' : 'list');
    }
  }

  setGroup(name) {
    this.#page.address.navigate({ group: name === 'none' ? null : name });
  }

  /** On a narrow screen the three columns are three steps. */
  showStep(name) {
    const work = document.querySelector('.work-dispatch');
    if (work) {
      work.dataset.step = name;
      for (const button of document.querySelectorAll('[data-action="desk-step"]')) {
        button.setAttribute('aria-pressed', String(button.dataset.step === name));
      }
    }
  }

  #draw() {
    const { queue } = this.#page;
    if (queue.state !== 'loading') {
      part('list-waiting-total').textContent = number(queue.total);
    }
    part('list-waiting').setAttribute('aria-busy', String(queue.state === 'loading'));
    exchange(part('queue-state'), this.#stateOf(queue));
    this.#drawNarrowed();
    this.#drawPicked();
    this.#drawStale();
  }

  #stateOf(queue) {
    if (queue.state === 'loading') {
      return [skeleton()];
    }
    if (queue.items.length) {
      return [];
    }
    if (queue.state === 'failed') {
      const refused = queue.problem.status === 403;
      return refused
        ? [message(text('js.list.forbidden'))]
        : [message(text('js.desk.failed'), text('js.desk.failed.hint'), true)];
    }
    if (queue.isNarrowed) {
      return [message(text('js.desk.none-like-this'), text('js.desk.none-like-this.hint'))];
    }
    const at = queue.lastWaited && moment(queue.lastWaited);
    return [message(text('js.desk.empty'), at ? text('js.desk.last-waited', { at }) : '')];
  }

  #drawPicked() {
    const chosen = store.state.selection.length;
    const n = number(this.#page.queue.order.length);
    exchange(
      part('queue-picked'),
      chosen
        ? [
            make('strong', '', text('js.tray.count', { n: number(chosen) })),
            makeButton('link-button', text('js.desk.pick-all', { n }), { action: 'queue-pick-shown' }),
            makeButton('link-button', text('js.desk.pick-none'), { action: 'clear-selection' }),
          ]
        : [],
    );
  }

  /** What the list leaves out is said above it, one press away from being taken back. */
  #drawNarrowed() {
    exchange(part('queue-narrowed'), NARROWINGS.filter((name) => store.state.filter[name]).map(narrowedChip));
  }

  #drawStale() {
    const { queue, live } = this.#page;
    const box = part('queue-stale');
    const stale = queue.state === 'failed' ? queue.items.length > 0 : live.state === 'stale';
    const words = stale ? text('js.desk.stale', { at: queue.readAt ? timeOfDay(queue.readAt) : '–' }) : '';
    box.hidden = !stale;
    if (box.textContent !== words) {
      box.textContent = words;
    }
  }

  /** The controls show what the address says. */
  #mirror() {
    const { group } = this.#page.queue;
    for (const radio of document.querySelectorAll(GROUP)) {
      radio.checked = radio.value === group;
    }
    for (const chip of document.querySelectorAll('[data-narrow]')) {
      const { narrow, value, kind } = chip.dataset;
      chip.setAttribute('aria-pressed', String(store.state.filter[narrow] === value));
      chip.hidden = narrow === 'category' && kind !== store.state.filter.kind;
    }
    const box = part('queue-query');
    if (box && document.activeElement !== box && box.value !== store.state.filter.q) {
      setProps('queue-query', { value: store.state.filter.q });
    }
    this.#drawNarrowed();
  }

  #narrow(name, value) {
    const wanted = store.state.filter[name] === value ? null : value;
    this.#page.address.navigate({ [name]: wanted, ...withoutKind(name) });
  }

  #toggleFilters(button) {
    const box = part('queue-filters');
    box.hidden = !box.hidden;
    button.setAttribute('aria-expanded', String(!box.hidden));
  }

  #showListTab() {
    const { list } = store.state.filter;
    this.#showTab(!list || list === 'waiting' ? 'waiting' : list === 'to_file' ? list : 'open');
  }

  #showTab(name) {
    for (const tab of document.querySelectorAll('[data-action="queue-tab"]')) {
      tab.setAttribute('aria-selected', String(tab.dataset.tab === name));
    }
    part('tab-waiting').hidden = name !== 'waiting';
    part('tab-open').hidden = name === 'waiting';
  }

  #arrowed(button, event) {
    const next = ['ArrowRight', 'ArrowLeft'].includes(event.key)
      ? arrowStep([...button.parentElement.children], button, event.key)
      : null;
    if (next) {
      event.preventDefault();
      next.focus();
      next.click();
    }
  }
}
