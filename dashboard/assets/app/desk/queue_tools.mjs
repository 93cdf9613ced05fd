/* Around the queue: tabs, groups, narrowing, what is chosen, and the words when it is loading, empty, failed or old. */
import { gridboard } from '../core/gridboard.mjs';

const { make, action, debounced } = gridboard.ui;
const { desk } = gridboard;

const part = (id) => document.getElementById(id);
const number = (n) => new Intl.NumberFormat(document.documentElement.lang).format(n);

desk.who = (one) => [one.organisation, gridboard.text(`role.${one.role}`)].filter(Boolean).join(' · ');

function state(...children) {
  const place = part('queue-state');
  // the same again stays: its button may be under a pointer
  if (place.innerHTML !== children.map((child) => child.outerHTML).join('')) {
    place.replaceChildren(...children);
  }
  place.hidden = !children.length;
}

function words(title, hint, retry) {
  const box = make('div', retry ? 'state state-failed' : 'state state-empty');
  if (retry) {
    box.setAttribute('role', 'alert');
  }
  box.append(make('p', 'state-words', title));
  if (hint) {
    box.append(make('p', 'state-hint', hint));
  }
  if (retry) {
    const button = make('button', 'button', gridboard.text('js.desk.retry'));
    button.type = 'button';
    button.dataset.action = 'queue-retry';
    box.append(button);
  }
  return box;
}

function skeleton() {
  const box = make('div', 'queue-skeleton');
  box.setAttribute('aria-busy', 'true');
  for (let n = 0; n < 8; n += 1) {
    box.append(make('div', 'skeleton-bar'));
  }
  return box;
}

function empty() {
  if (Object.keys(desk.narrowing()).some((name) => name !== 'area')) {
    return words(gridboard.text('js.desk.none-like-this'), gridboard.text('js.desk.none-like-this.hint'));
  }
  const hint = desk.lastWaited ? gridboard.text('js.desk.last-waited', { at: gridboard.moment(desk.lastWaited) }) : '';
  return words(gridboard.text('js.desk.empty'), hint);
}

/** Everything beside the rows that follows from the state of the queue. */
desk.tell = function tell() {
  const total = part('list-waiting-total');
  if (!total) {
    return;
  }
  if (desk.state !== 'loading') {
    total.textContent = number(desk.total);
  }
  part('list-waiting').setAttribute('aria-busy', String(desk.state === 'loading'));
  if (desk.state === 'loading') {
    state(skeleton());
  } else if (desk.state === 'failed' && !desk.items.length) {
    const refused = desk.problem && desk.problem.status === 403;
    state(
      words(
        gridboard.text(refused ? 'js.list.forbidden' : 'js.desk.failed'),
        refused ? '' : gridboard.text('js.desk.failed.hint'),
        !refused,
      ),
    );
  } else if (!desk.items.length) {
    state(empty());
  } else {
    state();
  }
  narrowed();
  picked();
  stale();
};

function picked() {
  const box = part('queue-picked');
  const chosen = gridboard.selection();
  box.hidden = !chosen.length;
  if (box.hidden) {
    return;
  }
  const all = make('button', 'link-button', gridboard.text('js.desk.pick-all', { n: number(desk.order().length) }));
  const none = make('button', 'link-button', gridboard.text('js.desk.pick-none'));
  all.dataset.action = 'queue-pick-shown';
  none.dataset.action = 'clear-selection';
  [all, none].forEach((button) => {
    button.type = 'button';
  });
  box.replaceChildren(make('strong', '', gridboard.text('js.tray.count', { n: number(chosen.length) })), all, none);
}

/** What the list leaves out is said above it, one press away from being taken back. */
function narrowed() {
  const box = part('queue-narrowed');
  const wanted = desk.wanted();
  const chips = desk.NARROWINGS.filter((name) => wanted[name]).map((name) => {
    const chip = make('button', 'list-filter');
    chip.type = 'button';
    chip.dataset.action = 'queue-widen';
    chip.dataset.name = name;
    chip.title = gridboard.text('js.desk.widen');
    chip.append(make('span', '', wordsOf(name, wanted[name])), desk.list.icon('x'));
    return chip;
  });
  const sign = JSON.stringify(chips.map((chip) => chip.textContent));
  if (box.sign === sign) {
    return;
  }
  box.sign = sign;
  box.hidden = !chips.length;
  box.replaceChildren(...chips);
}

function wordsOf(name, value) {
  if (name === 'q') {
    return `“${value}”`;
  }
  const chip = document.querySelector(`[data-narrow="${name}"][data-value="${CSS.escape(value)}"]`);
  return chip ? chip.textContent : value;
}

function stale() {
  const box = part('queue-stale');
  const live = part('live-status');
  const old = desk.state === 'failed' ? desk.items.length > 0 : Boolean(live && live.dataset.state === 'stale');
  box.hidden = !old;
  const said = old
    ? gridboard.text('js.desk.stale', {
        at: desk.readAt ? gridboard.moment(new Date(desk.readAt).toISOString(), true) : '–',
      })
    : '';
  if (box.textContent !== said) {
    box.textContent = said;
  }
}

/** The controls show what the address says. */
function mirror() {
  const wanted = desk.wanted();
  document.querySelectorAll('[data-group]').forEach((one) => {
    one.setAttribute('aria-checked', String(one.dataset.group === wanted.group));
    one.tabIndex = one.dataset.group === wanted.group ? 0 : -1;
  });
  document.querySelectorAll('[data-narrow]').forEach((chip) => {
    chip.setAttribute('aria-pressed', String(wanted[chip.dataset.narrow] === chip.dataset.value));
    if (chip.dataset.narrow === 'category') {
      chip.hidden = chip.dataset.kind !== wanted.kind;
    }
  });
  const words = part('queue-query');
  if (words && document.activeElement !== words && words.value !== wanted.q) {
    window.dash_clientside.set_props('queue-query', { value: wanted.q });
  }
}

function narrow(name, value) {
  const kindGone = name === 'kind' ? { category: null } : {};
  gridboard.go({ [name]: desk.wanted()[name] === value ? null : value, ...kindGone });
}

function group(name) {
  gridboard.go({ group: name === 'none' ? null : name });
}

function tab(name) {
  document
    .querySelectorAll('[data-action="queue-tab"]')
    .forEach((one) => one.setAttribute('aria-selected', String(one.dataset.tab === name)));
  part('tab-waiting').hidden = name !== 'waiting';
  part('tab-open').hidden = name !== 'open';
  if (name === 'waiting') {
    desk.list.draw();
  }
}

function stepTo(name) {
  const work = document.querySelector('.work-dispatch');
  if (!work) {
    return;
  }
  work.dataset.step = name;
  document
    .querySelectorAll('[data-action="desk-step"]')
    .forEach((one) => one.setAttribute('aria-pressed', String(one.dataset.step === name)));
  if (name === 'list') {
    desk.list.draw();
  }
}

action('queue-tab', (button) => tab(button.dataset.tab));
action('queue-retry', () => desk.restart());
action('queue-widen', (chip) =>
  gridboard.go({ [chip.dataset.name]: null, ...(chip.dataset.name === 'kind' ? { category: null } : {}) }),
);
action('queue-filters', (button) => {
  const box = part('queue-filters');
  box.hidden = !box.hidden;
  button.setAttribute('aria-expanded', String(!box.hidden));
});
action('desk-step', (button) => stepTo(button.dataset.step));
document.addEventListener('click', (event) => {
  const hit = (selector) => event.target.closest?.(selector);
  const chip = hit('[data-narrow]');
  if (chip) {
    narrow(chip.dataset.narrow, chip.dataset.value);
  }
  const one = hit('[data-group]');
  if (one) {
    group(one.dataset.group);
  }
});
document.addEventListener('keydown', (event) => {
  const one = event.target.closest?.('[data-group], [data-tab]');
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!one || !by) {
    return;
  }
  event.preventDefault();
  const all = [...one.parentElement.children];
  const next = all[(all.indexOf(one) + by + all.length) % all.length];
  next.focus();
  next.click();
});
const ask = debounced(300, (value) => gridboard.go({ q: value || null }));
document.addEventListener('input', (event) => {
  if (event.target.id === 'queue-query' && !event.isComposing) {
    ask(event.target.value.trim());
  }
});
document.addEventListener('compositionend', (event) => {
  if (event.target.id === 'queue-query') {
    ask(event.target.value.trim());
  }
});

gridboard.on('address', () => {
  if (desk.here()) {
    mirror();
  }
});
gridboard.on('desk', () => {
  mirror();
  stepTo(gridboard.state().case ? 'case' : 'list');
});
gridboard.on('selection', () => {
  if (part('queue-picked')) {
    picked();
  }
});
gridboard.on('live', () => {
  if (part('queue-stale')) {
    stale();
  }
});
gridboard.on('chosen', (no) => {
  if (desk.here()) {
    stepTo(no ? 'case' : 'list');
  }
});
// a count leads to its list also here
gridboard.on('list', (name) => {
  if (desk.here() && part('tab-open')) {
    tab(name && name !== 'waiting' ? 'open' : 'waiting');
  }
});

/** Date and time of the deployment; `short`: the time alone. */
gridboard.moment = function moment(value, short) {
  const day = short ? {} : { month: 'numeric', day: 'numeric' };
  return new Intl.DateTimeFormat(document.documentElement.lang, {
    ...day,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: gridboard.zone,
  }).format(new Date(value));
};
/** Until when: the end of a day is its 24:00, never the next day's 0:00. */
gridboard.deadline = function deadline(value) {
  const at = Date.parse(value);
  const midnight = at % 60000 === 0 && gridboard.moment(value, true) === '00:00';
  return midnight ? gridboard.moment(at - 60000).replace('23:59', '24:00') : gridboard.moment(value);
};
Object.assign(desk, { group, tab, stepTo });
