/* The cases that stand at one point, too many to be spread around it: a list beside their marker. */
import { make, makeButton } from '../core/dom.mjs';
import { number, timeLeft } from '../core/format.mjs';
import { text } from '../core/words.mjs';

const MOST = 200;
const GAP_PX = 14;
const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6, Home: -Infinity, End: Infinity };

const rank = ({ due }) => due ?? Number.POSITIVE_INFINITY;

export class CaseChooser {
  #room;
  #element = null;
  #choose = null;
  #list = null;

  constructor(room) {
    this.#room = room;
  }

  /** `cases`: no, kind, severity, status, due. Beside a point (CSS pixels of the map); `choose(no)` hears which,
      `list()` that all of them are wanted. */
  open({ x, y }, cases, { choose, list }) {
    this.close();
    this.#choose = choose;
    this.#list = list;
    this.#element = this.#draw([...cases].sort((a, b) => rank(a) - rank(b)));
    this.#room.append(this.#element);
    this.#place(x, y);
    this.#element.querySelector('.chooser-row').focus();
  }

  close() {
    this.#element?.remove();
    this.#element = null;
  }

  #draw(cases) {
    const element = make('section', 'chooser');
    element.setAttribute('aria-label', text('js.map.here', { n: cases.length }));
    const close = makeButton('icon-button chooser-close', '×');
    close.setAttribute('aria-label', text('js.map.close'));
    close.addEventListener('click', () => this.close());
    const head = make('header', 'chooser-head');
    head.append(make('strong', '', text('js.map.here', { n: cases.length })), close);
    const rows = make('div', 'chooser-rows');
    rows.append(...cases.slice(0, MOST).map((one) => this.#row(one)));
    element.append(head, rows);
    if (cases.length > MOST) {
      element.append(this.#listButton(cases.length));
    }
    element.addEventListener('keydown', (event) => this.#pressed(event));
    window.L.DomEvent.disableClickPropagation(element);
    window.L.DomEvent.disableScrollPropagation(element);
    return element;
  }

  /** Those that have no row here have one in the list. */
  #listButton(n) {
    const button = makeButton('button chooser-more', text('js.map.here-list', { n: number(n) }));
    button.addEventListener('click', () => {
      this.close();
      this.#list();
    });
    return button;
  }

  #row({ no, kind, severity, status, due }) {
    const row = makeButton('chooser-row', null, { caseNo: no });
    const left = timeLeft(due);
    const words = make('span', 'chooser-words');
    words.append(
      make('span', '', `${text(`kind.${kind}`)} · ${text(`severity.${severity}`)} · ${text(`status.${status}`)}`),
      make('span', 'tag-line', no),
    );
    row.append(words, make('span', left.overdue ? 'tag-line tier-text-key' : 'tag-line', left.text));
    row.addEventListener('click', () => {
      this.close();
      this.#choose(no);
    });
    return row;
  }

  /** Inside the map, at the side where there is room. */
  #place(x, y) {
    const { offsetWidth: width, offsetHeight: height } = this.#element;
    const { clientWidth, clientHeight } = this.#room;
    const left = x + GAP_PX + width > clientWidth ? x - GAP_PX - width : x + GAP_PX;
    const inside = (at, size, whole) => Math.max(4, Math.min(at, whole - size - 4));
    this.#element.style.left = `${inside(left, width, clientWidth)}px`;
    this.#element.style.top = `${inside(y - height / 2, height, clientHeight)}px`;
  }

  #pressed(event) {
    const rows = [...this.#element.querySelectorAll('.chooser-row, .chooser-more')];
    const step = STEPS[event.key];
    if (event.key === 'Escape') {
      this.close();
    } else if (step) {
      const at = rows.indexOf(document.activeElement);
      rows[Math.max(0, Math.min(rows.length - 1, at + step))].focus();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
