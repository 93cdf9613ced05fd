/* Keys of the page, in one table: it binds them, and the card behind "?" is written from it. Nothing happens while
   somebody types. */
import { bus } from '../core/bus.mjs';
import { action, make } from '../core/dom.mjs';
import { isFiltered } from '../core/filter.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';
import { text } from '../core/words.mjs';

const DRAWN_MS = 10000;
const LOOK_MS = 40;
const GROUPS = ['none', 'area', 'category'];
const REPEATING = /^(j|k|Arrow.*|Backspace)$/;

const TYPED = 'input:not([type="radio"], [type="checkbox"]), textarea, select';

const isTyping = (element) => element?.isContentEditable || element?.matches?.(TYPED);
const press = (selector) => document.querySelector(selector)?.click();

/** A letter is a letter with the caps lock on as well. */
const keyName = (event) => (event.key.length === 1 && !event.shiftKey ? event.key.toLowerCase() : event.key);

/** What moves cases: not in the past. */
const MOVING = ['choose', 'dispatch', 'undo', 'bulk', 'remark'];
const SAME_PRESS_MS = 300;

/** keys: event.key; show: what the card says; ctrl, shift: with that key; inside: only with the focus in there;
    command: also in the command bar; on: the pages where it works; anywhere: while somebody types, too;
   over: even over an open dialog. */
function keyTable(keyboard, page) {
  const hasMap = () => Boolean(document.getElementById('map'));
  const hasSearch = () => Boolean(document.getElementById('search'));
  const isDispatcher = () => hasMap() && store.state.config?.user.role === 'dispatcher';
  const mayUndo = () => ['dispatcher', 'handler'].includes(store.state.config?.user.role);
  const onDesk = () => page.onDesk;
  const by = (key) => (key === 'ArrowDown' ? 1 : -1);
  const { queueList, queuePick } = page;
  return [
    { name: 'next', keys: ['n'], show: 'N', run: () => page.claims.next(), on: onDesk, command: true },
    { name: 'down', keys: ['j'], show: 'J', run: () => keyboard.step(1), on: hasMap },
    { name: 'up-row', keys: ['k'], show: 'K', run: () => keyboard.step(-1), on: hasMap },
    {
      name: 'arrows',
      keys: ['ArrowDown', 'ArrowUp'],
      show: '↑ ↓',
      run: (key) => queueList.step(by(key)),
      inside: '.queue-row',
      on: onDesk,
    },
    {
      name: 'open',
      keys: ['Enter'],
      show: 'Enter',
      run: () => keyboard.openRow(),
      inside: '.queue-row, body',
      on: onDesk,
    },
    {
      name: 'choose',
      keys: [...'123456789'],
      show: '1–9',
      run: (key) => keyboard.whenDrawn(() => page.casePanel.chooseCandidate(Number(key))),
      on: isDispatcher,
    },
    {
      name: 'dispatch',
      keys: ['d'],
      show: 'D',
      run: (_, at) => keyboard.dispatch(at),
      on: isDispatcher,
      command: true,
    },
    {
      name: 'undo',
      keys: ['u'],
      show: 'U',
      run: () => page.toasts.undo() || page.casePanel.pressMove('recall'),
      on: mayUndo,
      command: true,
    },
    { name: 'pick', keys: ['x'], show: 'X', run: () => queuePick.toggle(queueList.current), on: onDesk },
    {
      name: 'pick-on',
      keys: ['ArrowDown', 'ArrowUp'],
      shift: true,
      show: 'Shift+↑↓',
      run: (key) => queuePick.extend(by(key)),
      inside: '.queue-row',
      on: onDesk,
    },
    { name: 'pick-shown', keys: ['a'], show: 'A', run: () => queuePick.pickShown(), on: onDesk, command: true },
    {
      name: 'bulk',
      keys: ['b'],
      show: 'B',
      run: () => page.bulk.open(store.state.selection),
      on: isDispatcher,
      command: true,
    },
    {
      name: 'remark',
      keys: ['r'],
      show: 'R',
      run: () => press('#tray [data-remark]'),
      on: () => hasMap() && Boolean(document.querySelector('#tray [data-remark]')),
      command: true,
    },
    { name: 'group', keys: ['g'], show: 'G', run: () => keyboard.nextGroup(), on: onDesk, command: true },
    { name: 'compare', keys: ['c'], show: 'C', run: () => keyboard.compare(), on: onDesk, command: true },
    {
      name: 'commands',
      keys: ['k'],
      ctrl: true,
      show: 'Ctrl+K',
      run: () => page.commandBar.open(),
      anywhere: true,
      over: true,
    },
    { name: 'search', keys: ['/'], show: '/', run: () => keyboard.search(), on: hasSearch, command: true },
    { name: 'help', keys: ['?'], show: '?', run: () => keyboard.help(), command: true },
    { name: 'close', keys: ['Escape'], show: 'Esc', run: () => keyboard.stepBack(), anywhere: true },
    {
      name: 'clear-filter',
      keys: ['0'],
      show: '0',
      run: () => page.address.clearFilter(),
      on: hasMap,
      command: true,
    },
    { name: 'up', keys: ['Backspace'], show: '⌫', run: () => keyboard.goUp(), on: hasMap },
    { name: 'layers', keys: ['l'], show: 'L', run: () => press('#layers-toggle'), on: hasMap, command: true },
    { name: 'fit', keys: ['f'], show: 'F', run: () => page.map?.fit(), on: hasMap, command: true },
    { name: 'theme', keys: ['t'], show: 'T', run: () => window.gridboardTheme.toggle(), command: true },
  ];
}

export class Keyboard extends Part {
  #page;
  #table = [];
  #goesUp = null;
  #lastPress = { caseNo: null, at: -SAME_PRESS_MS };

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    this.#table = keyTable(this, this.#page);
    document.addEventListener('keydown', (event) => this.#pressed(event), { signal });
    action('help', () => this.help());
  }

  /** The keys that work on this page. */
  get here() {
    return this.#table.filter((one) => !one.on || one.on());
  }

  search() {
    document.getElementById('search').focus();
  }

  help() {
    const rows = this.here.flatMap((one) => {
      const keys = make('dt');
      keys.append(...one.show.split(' ').map((words) => make('kbd', '', words)));
      return [keys, make('dd', '', text(`js.key.${one.name}`))];
    });
    document.querySelector('#help-dialog .shortcuts').replaceChildren(...rows);
    this.#page.dialogs.open('help-dialog');
  }

  /** In the queue the hand moves and Enter opens; beside a list of the map the next case is opened at once. */
  step(by) {
    const { onDesk, queueList, caseLists, address } = this.#page;
    if (onDesk) {
      queueList.step(by);
      return;
    }
    const order = caseLists.order('list-open');
    const at = order.indexOf(store.state.case);
    const next = order[at < 0 ? 0 : Math.min(order.length - 1, Math.max(0, at + by))];
    if (next) {
      address.navigate({ case: next });
    }
  }

  openRow() {
    const { queueList, queueTools, address } = this.#page;
    if (queueList.current) {
      address.navigate({ case: queueList.current });
      queueTools.showStep('case');
    }
  }

  /** A press is about the case that was seen: not about the next one, which comes by itself while a key bounces or a
      hand that does not trust the first press presses again. `at`: when it was pressed; a busy page learns it late. */
  dispatch(at = performance.now()) {
    const { claims, casePanel } = this.#page;
    const { case: no } = store.state;
    const last = this.#lastPress;
    this.#lastPress = { caseNo: no, at };
    const isBounce = last.caseNo !== no && at - last.at < SAME_PRESS_MS;
    const isUnseen = claims.isFollowing || (claims.hasFollowedTo(no) && !casePanel.wasSeen(no, at));
    if (!isBounce && !isUnseen) {
      this.whenDrawn(() => this.#page.casePanel.pressMain());
    }
  }

  compare() {
    const no = store.state.case || this.#page.queueList.current;
    if (no) {
      this.#page.compare.open(no);
    }
  }

  nextGroup() {
    const at = GROUPS.indexOf(this.#page.queue.group);
    this.#page.queueTools.setGroup(GROUPS[(at + 1) % GROUPS.length]);
  }

  /** The way that is drawn may still be that of the area before: up is one step from the present one. */
  goUp() {
    const { area } = store.state;
    const way = [...document.querySelectorAll('#breadcrumb .crumb')].map((crumb) => crumb.dataset.goArea);
    if (!area || way.includes(area)) {
      const above = way[way.indexOf(area) - 1];
      if (above) {
        this.#page.address.openArea(above);
      }
    } else if (!this.#goesUp) {
      this.#goesUp = bus.on('rail-drawn', () => this.#goUpFrom(area));
    }
  }

  #goUpFrom(area) {
    this.#goesUp();
    this.#goesUp = null;
    if (store.state.area === area) {
      this.goUp();
    }
  }

  /** Escape, where the browser has no dialog to close by it: closes what lies on top, or goes up. */
  stepBack() {
    const { menu, report, address } = this.#page;
    if (menu.close() || report.stopPicking()) {
      return;
    }
    const { selection, filter, asOf } = store.state;
    if (selection.length) {
      store.select([]);
    } else if (store.state.case) {
      address.navigate({ case: null });
    } else if (isFiltered(filter)) {
      address.clearFilter();
    } else if (store.state.at) {
      address.navigate({ at: null });
    } else if (asOf) {
      this.#page.timeMachine.goLive();
    } else {
      this.goUp();
    }
  }

  /** Keys may be quicker than the panel: what was pressed for a case waits until that case is drawn, never meets
      another, and says so when it was given up. */
  whenDrawn(work) {
    this.#look(work, Date.now() + DRAWN_MS, null);
  }

  #look(work, until, caseNo) {
    const { claims, casePanel, toasts } = this.#page;
    let wanted = caseNo;
    if (!claims.isAsking) {
      wanted ??= store.state.case;
      if (!wanted || store.state.case !== wanted) {
        return;
      }
      if (casePanel.isReadyFor(wanted)) {
        work();
        return;
      }
    }
    if (Date.now() < until) {
      setTimeout(() => this.#look(work, until, wanted), LOOK_MS);
    } else {
      toasts.show(text('js.key.given-up', { no: wanted || '' }), { bad: true });
    }
  }

  #bound(event) {
    const ctrl = event.ctrlKey || event.metaKey;
    const key = ctrl ? keyName(event).toLowerCase() : keyName(event);
    const shiftFits = ({ shift }) =>
      shift === undefined ? !(event.shiftKey && key.startsWith('Arrow')) : shift === event.shiftKey;
    return this.here.find(
      (one) =>
        one.keys.includes(key) &&
        Boolean(one.ctrl) === ctrl &&
        shiftFits(one) &&
        (!one.inside || event.target.matches(one.inside)),
    );
  }

  #isHeldBack({ anywhere, over }, target) {
    const { dialogs, report } = this.#page;
    return dialogs.current ? !over : !anywhere && (isTyping(target) || report.isPicking);
  }

  #pressed(event) {
    if (event.isComposing || event.keyCode === 229 || event.altKey || event.defaultPrevented) {
      return;
    }
    const one = this.#bound(event);
    if (!one || this.#isHeldBack(one, event.target) || (store.state.asOf && MOVING.includes(one.name))) {
      return;
    }
    // a key that is held down is not pressed again, unless it walks
    if (!event.repeat || REPEATING.test(keyName(event))) {
      event.preventDefault();
      one.run(keyName(event), event.timeStamp);
    }
  }
}
