/* The list of child areas: arrow keys move, Enter or a click goes down, hovering is shared with the map. */
import { bus } from '../core/bus.mjs';
import { delegate } from '../core/dom.mjs';
import { Part } from '../core/part.mjs';

const ROW = '#area-list .area-row';
const rows = () => [...document.querySelectorAll(ROW)];

function focusRow(row) {
  for (const other of rows()) {
    other.tabIndex = other === row ? 0 : -1;
  }
  row.focus();
  row.scrollIntoView({ block: 'nearest' });
}

function step(row, key) {
  const all = rows();
  const at = all.indexOf(row);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[key];
  if (next !== undefined && all[next]) {
    focusRow(all[next]);
  }
  return next !== undefined;
}

export class AreaList extends Part {
  #page;
  #takesFocus = false;

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    const { address } = this.#page;
    delegate('keydown', ROW, (row, event) => this.#pressed(row, event), { signal });
    delegate('click', ROW, (row) => address.openArea(row.dataset.code), { signal });
    delegate('pointerover', ROW, (row) => bus.emit('hover', { code: row.dataset.code, from: 'list' }), { signal });
    bus.on('rail-drawn', () => this.#drawn(), signal);
    const mark = ({ code }) => rows().forEach((row) => row.classList.toggle('hovered', row.dataset.code === code));
    bus.on('hover', mark, signal);
  }

  #pressed(row, event) {
    if (['Enter', ' ', 'ArrowRight'].includes(event.key)) {
      event.preventDefault();
      this.#takesFocus = true;
      this.#page.address.openArea(row.dataset.code);
    } else if (step(row, event.key)) {
      event.preventDefault();
    }
  }

  /** Someone who went down by key stands in the new list, as soon as it is there. */
  #drawn() {
    if (this.#takesFocus && rows().length) {
      this.#takesFocus = false;
      focusRow(rows()[0]);
    }
  }
}
