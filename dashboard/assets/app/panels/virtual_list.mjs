/* The one list of the working pages: as many elements as the screen holds. What somebody reads stays where it is
   while others come and go; one row is in the way of the tab key.

   A row has a `key`; those that can be focused are of type 'case'. The delegate has `heightOf(row)` (pixels of an
   ordinary screen), `createRow(row)`, `fillRow(element, row)`, and may have `currentKey`, `headOf(row)`,
   `painted(list)`, `headRows` (headings of the grid, which count as rows of it) and `rowCount` (of all there are). */
import { make, scale } from '../core/dom.mjs';
import { firstBelow, rowsBetween, scrollToShow, stackRows } from '../core/list_window.mjs';

const OVER_PX = 400;
const HELD_MS = 1500;
/** Rows by which a key goes, of so many that are in view. */
const JUMPS = {
  Home: () => -Infinity,
  End: () => Infinity,
  PageUp: (shown) => -shown,
  PageDown: (shown) => shown,
};

export class VirtualList {
  #box;
  #canvas = make('div', 'list-canvas');
  #delegate;
  #rows = [];
  #elements = new Map();
  #touchedAt = 0;
  #cursor = null;
  #ending = new AbortController();
  #resized = new ResizeObserver(() => this.setRows(this.#rows));

  constructor(box, delegate) {
    this.#box = box;
    this.#delegate = delegate;
    this.#canvas.setAttribute('role', 'presentation');
    box.replaceChildren(this.#canvas);
    const listen = (type, handle) => box.addEventListener(type, handle, { signal: this.#ending.signal, passive: true });
    listen('scroll', () => this.paint());
    listen('pointermove', () => this.#touch(Date.now()));
    listen('pointerleave', () => this.#touch(0));
    listen('focusin', (event) => this.#focused(event.target.closest('[data-key]')));
    box.addEventListener('keydown', (event) => this.#pressed(event), { signal: this.#ending.signal });
    this.#resized.observe(box);
  }

  end() {
    this.#ending.abort();
    this.#resized.disconnect();
  }

  get box() {
    return this.#box;
  }

  get rows() {
    return this.#rows;
  }

  /** The key of the row where the hand stands: the focused one, else the delegate's. */
  get current() {
    return this.#cursor || this.#delegate.currentKey || null;
  }

  /** Somebody's pointer is about to press something here. */
  get isHeld() {
    return this.heldMs > 0;
  }

  get heldMs() {
    return Math.max(0, HELD_MS - (Date.now() - this.#touchedAt));
  }

  /** Exchanges the rows; the one that the eye rests on keeps its place. */
  setRows(rows) {
    const resting = this.#restingOn();
    this.#rows = rows;
    const size = scale();
    this.#canvas.style.height = `${stackRows(rows, (row) => this.#delegate.heightOf(row) * size)}px`;
    const count = (this.#delegate.rowCount ?? rows.length) + this.#headRows;
    this.#box.closest('[role="grid"]')?.setAttribute('aria-rowcount', String(count));
    const kept = resting && this.#find(resting.key);
    if (kept) {
      this.#box.scrollTop = kept.top - resting.under;
    }
    this.paint();
  }

  /** Draws what is in view, as it is now. */
  paint() {
    const { scrollTop, clientHeight } = this.#box;
    const [from, to] = rowsBetween(this.#rows, scrollTop - OVER_PX, scrollTop + clientHeight + OVER_PX);
    const shown = this.#rows.slice(from, to);
    this.#removeOthers(new Set(shown.map((row) => row.key)));
    shown.forEach((row, n) => this.#place(row, from + n));
    if (this.#cursor && !this.#find(this.#cursor)) {
      this.#cursor = null;
    }
    this.#setTabStop();
    this.#delegate.painted?.(this, to);
  }

  scrollToStart() {
    this.#box.scrollTop = 0;
  }

  show(key) {
    const row = this.#find(key);
    if (row) {
      const head = this.#delegate.headOf?.(row) ?? 0;
      const { scrollTop, clientHeight } = this.#box;
      this.#box.scrollTop = scrollToShow(row, { scrollTop, clientHeight, head: head * scale() });
      this.paint();
    }
  }

  focus(key) {
    if (key) {
      this.#cursor = key;
      this.show(key);
      this.#elements.get(key)?.focus({ preventScroll: true });
    }
  }

  /** Moves the focus by so many cases. */
  step(by) {
    const order = this.#rows.filter((row) => row.type === 'case' && !row.skipped).map((row) => row.key);
    const at = order.indexOf(this.current);
    this.focus(order[at < 0 ? 0 : Math.min(order.length - 1, Math.max(0, at + by))]);
  }

  /** The hand goes back to the delegate's row, unless it is on a row now. */
  releaseCursor() {
    if (!this.#cursor || document.activeElement !== this.#elements.get(this.#cursor)) {
      this.#cursor = null;
    }
  }

  get #headRows() {
    return this.#delegate.headRows ?? 0;
  }

  #pressed(event) {
    const row = event.target.dataset?.key && this.#find(event.target.dataset.key);
    const jump = JUMPS[event.key];
    if (row && jump && !event.altKey && !event.metaKey) {
      event.preventDefault();
      this.step(jump(Math.max(1, Math.floor(this.#box.clientHeight / row.height) - 1)));
    }
  }

  #find(key) {
    return this.#rows.find((row) => row.key === key) || null;
  }

  #touch(at) {
    this.#touchedAt = at;
  }

  /** The first whole case, and how far under the edge it stands; nothing at the very start of a list that nobody
      uses. */
  #restingOn() {
    const { scrollTop } = this.#box;
    if (scrollTop === 0 && !this.isHeld && !this.#box.contains(document.activeElement)) {
      return null;
    }
    const from = Math.max(0, firstBelow(this.#rows, scrollTop));
    const row = this.#rows.slice(from).find((one) => one.type === 'case' && one.top >= scrollTop);
    return row ? { key: row.key, under: row.top - scrollTop } : null;
  }

  /** An element that has the focus stays, even out of view: the keyboard would fall to the page. */
  #removeOthers(wanted) {
    for (const [key, element] of this.#elements) {
      if (!wanted.has(key) && !element.contains(document.activeElement)) {
        element.remove();
        this.#elements.delete(key);
      }
    }
  }

  #place(row, index) {
    let element = this.#elements.get(row.key);
    if (!element) {
      element = this.#delegate.createRow(row);
      element.dataset.key = row.key;
      element.setAttribute('role', 'row');
      this.#elements.set(row.key, element);
      this.#canvas.append(element);
    }
    element.style.top = `${row.top}px`;
    element.style.height = `${row.height}px`;
    element.setAttribute('aria-rowindex', String(index + 1 + this.#headRows));
    this.#delegate.fillRow(element, row);
  }

  #focused(element) {
    const row = element && this.#find(element.dataset.key);
    if (row?.type === 'case') {
      this.#cursor = row.key;
      this.#setTabStop();
    }
  }

  #setTabStop() {
    const { current } = this;
    const stop = this.#elements.has(current) ? current : this.#rows.find((row) => row.type === 'case')?.key;
    for (const [key, element] of this.#elements) {
      if (element.hasAttribute('tabindex')) {
        element.tabIndex = key === stop ? 0 : -1;
      }
    }
  }
}
