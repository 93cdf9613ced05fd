/* Keys of the page, in one table: it binds them, and the card behind "?" is written from it. Nothing happens while somebody types. */
import { gridboard } from '../core/gridboard.mjs';

const { make } = gridboard.ui;
const DRAWN_MS = 10000;

const typing = (element) => element && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));
const desk = () => gridboard.desk.here();
const map = () => Boolean(document.getElementById('map'));
const dispatcher = () => map() && Boolean(gridboard.config) && gridboard.config.user.role === 'dispatcher';
const press = (selector) => {
  const element = document.querySelector(selector);
  if (element) {
    element.click();
  }
};

function parent() {
  const crumbs = document.querySelectorAll('#breadcrumb .crumb');
  return crumbs.length > 1 ? crumbs[crumbs.length - 2].dataset.goArea : null;
}

function up() {
  const code = parent();
  if (code) {
    gridboard.go({ area: code, case: null, list: null });
  }
}

function stepBack() {
  if (gridboard.dialogs.close()) {
    return;
  }
  gridboard.closeMenu();
  if (gridboard.stopPicking?.()) {
    return;
  }
  if (gridboard.selection().length) {
    gridboard.select([]);
    return;
  }
  if (gridboard.state().case) {
    press('[data-action="close-case"]');
    return;
  }
  if (gridboard.list) {
    gridboard.go({ list: null });
    return;
  }
  up();
}

/** In the queue the hand moves and Enter opens; beside a list of the map the next case is opened at once. */
function step(by) {
  if (desk()) {
    gridboard.desk.list.step(by);
    return;
  }
  const rows = gridboard.panel.queue();
  const at = rows.indexOf(gridboard.state().case);
  const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
  if (next) {
    gridboard.go({ case: next });
  }
}

/** Keys may be quicker than the panel: what was pressed for a case waits until that case is drawn, never meets another,
    and says so when it was given up. */
function whenDrawn(work) {
  const until = Date.now() + DRAWN_MS;
  let no = null;
  (function look() {
    if (!gridboard.claims.asking()) {
      const now = gridboard.heading();
      no = no === null ? now : no;
      if (!no || now !== no) {
        return;
      }
      const panel = gridboard.panel.shown();
      if (panel && panel.dataset.caseNo === no && panel.getAttribute('aria-busy') !== 'true') {
        work();
        return;
      }
    }
    if (Date.now() < until) {
      window.setTimeout(look, 40);
    } else {
      gridboard.toast(gridboard.text('js.key.given-up', { no: no || '' }), { bad: true });
    }
  })();
}

function dispatch() {
  if (gridboard.claims.following()) {
    return;
  }
  whenDrawn(() => {
    const button = gridboard.panel.likely();
    if (button) {
      button.click();
    }
  });
}

function openRow() {
  const no = gridboard.desk.list.at();
  if (no) {
    gridboard.go({ case: no });
    gridboard.desk.stepTo('case');
  }
}

function alike() {
  const no = gridboard.state().case || gridboard.desk.list.at();
  if (no) {
    gridboard.compare.open(no);
  }
}

function nextGroup() {
  const all = ['none', 'area', 'category'];
  gridboard.desk.group(all[(all.indexOf(gridboard.desk.wanted().group) + 1) % all.length]);
}

function help() {
  const card = document.querySelector('#help-dialog .shortcuts');
  card.replaceChildren(
    ...here().flatMap((one) => {
      const keys = make('dt');
      keys.append(...one.show.split(' ').map((words) => make('kbd', '', words)));
      return [keys, make('dd', '', gridboard.text(`js.key.${one.name}`))];
    }),
  );
  gridboard.dialogs.open('help-dialog');
}

/** keys: event.key; show: what the card says; ctrl, shift: with that key; inside: only with the focus in there;
    command: also in the command bar; on: the pages where it works. */
const table = [
  { name: 'next', keys: ['n'], show: 'N', run: () => gridboard.claims.next(), on: desk, command: true },
  { name: 'down', keys: ['j'], show: 'J', run: () => step(1), on: map },
  { name: 'up-row', keys: ['k'], show: 'K', run: () => step(-1), on: map },
  {
    name: 'arrows',
    keys: ['ArrowDown', 'ArrowUp'],
    show: '↑ ↓',
    run: (key) => gridboard.desk.list.step(key === 'ArrowDown' ? 1 : -1),
    inside: '.queue-row',
    on: desk,
  },
  { name: 'open', keys: ['Enter'], show: 'Enter', run: openRow, inside: '.queue-row, body', on: desk },
  {
    name: 'choose',
    keys: [...'123456789'],
    show: '1–9',
    run: (key) => whenDrawn(() => gridboard.panel.choose(Number(key))),
    on: map,
  },
  { name: 'dispatch', keys: ['d'], show: 'D', run: dispatch, on: map, command: true },
  {
    name: 'undo',
    keys: ['u'],
    show: 'U',
    run: () => gridboard.undo() || gridboard.panel.press('recall'),
    command: true,
  },
  { name: 'pick', keys: ['x'], show: 'X', run: () => gridboard.desk.pick.toggle(gridboard.desk.list.at()), on: desk },
  {
    name: 'pick-on',
    keys: ['ArrowDown', 'ArrowUp'],
    shift: true,
    show: 'Shift+↑↓',
    run: (key) => gridboard.desk.pick.extend(key === 'ArrowDown' ? 1 : -1),
    inside: '.queue-row',
    on: desk,
  },
  { name: 'pick-shown', keys: ['a'], show: 'A', run: () => gridboard.desk.pick.shown(), on: desk, command: true },
  {
    name: 'bulk',
    keys: ['b'],
    show: 'B',
    run: () => gridboard.bulk.open(gridboard.selection()),
    on: dispatcher,
    command: true,
  },
  { name: 'group', keys: ['g'], show: 'G', run: nextGroup, on: desk, command: true },
  { name: 'compare', keys: ['c'], show: 'C', run: alike, on: desk, command: true },
  { name: 'commands', keys: ['k'], ctrl: true, show: 'Ctrl+K', run: () => gridboard.commands.open(), anywhere: true },
  {
    name: 'search',
    keys: ['/'],
    show: '/',
    run: () => document.getElementById('search').focus(),
    on: () => Boolean(document.getElementById('search')),
    command: true,
  },
  { name: 'help', keys: ['?'], show: '?', run: help, command: true },
  { name: 'close', keys: ['Escape'], show: 'Esc', run: stepBack, anywhere: true },
  { name: 'up', keys: ['Backspace'], show: '⌫', run: up, on: map },
  {
    name: 'layers',
    keys: ['l'],
    show: 'L',
    run: () => press('[data-action="layers"], #layers-toggle, .layers-toggle'),
    on: map,
    command: true,
  },
  {
    name: 'fit',
    keys: ['f'],
    show: 'F',
    run: () => (gridboard.fit ? gridboard.fit() : press('[data-action="fit"]')),
    on: map,
    command: true,
  },
  { name: 'theme', keys: ['t'], show: 'T', run: () => window.gridboardTheme.toggle(), command: true },
];
const here = () => table.filter((one) => !one.on || one.on());

/** A letter is a letter with the caps lock on as well. */
const nameOf = (event) => (event.key.length === 1 && !event.shiftKey ? event.key.toLowerCase() : event.key);

function bound(event) {
  const key = nameOf(event);
  const ctrl = event.ctrlKey || event.metaKey;
  return here().find(
    (one) =>
      one.keys.includes(ctrl ? key.toLowerCase() : key) &&
      Boolean(one.ctrl) === ctrl &&
      (one.shift === undefined ? !(event.shiftKey && key.startsWith('Arrow')) : one.shift === event.shiftKey) &&
      (!one.inside || event.target.matches(one.inside)),
  );
}

document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.keyCode === 229 || event.altKey || event.defaultPrevented) {
    return;
  }
  const one = bound(event);
  if (!one) {
    return;
  }
  if (typing(event.target) && !one.anywhere) {
    return;
  }
  if (gridboard.dialogs.current() && !one.anywhere) {
    return;
  }
  // a key that is held down is not pressed again, unless it walks
  if (event.repeat && !/^(j|k|Arrow.*|Backspace)$/.test(nameOf(event))) {
    return;
  }
  event.preventDefault();
  one.run(nameOf(event));
});

gridboard.ui.action('help', help);
gridboard.keys = { here };
