/* The small tag beside the pointer: what lies under it, in one glance. */
import { make } from '../core/dom.mjs';
import { text } from '../core/words.mjs';

/** What is said of an area: name and tier, and its counts if it is a child of the present one. Null for none. */
export function areaTooltip({ index, scene }, code) {
  const area = code && index.get(code);
  if (!area) {
    return null;
  }
  const { tier, name, open, waiting } = area;
  const head = make('div', 'tag-head');
  head.append(
    ...(tier ? [make('span', `tier-mark tier-${tier}`, text(`tier.mark.${tier}`))] : []),
    make('strong', '', name),
    ...(tier ? [make('span', `tier-text-${tier}`, text(`tier.${tier}`))] : []),
  );
  const counted = scene.child.child.has(code) && open !== undefined;
  const words = counted ? text('js.map.figures', { open, waiting }) : text('js.map.neighbour');
  return [head, make('div', 'tag-line', words)];
}

export class Tooltip {
  #room;
  #element = make('div', 'map-tag');

  constructor(room) {
    this.#room = room;
  }

  /** Rows beside a point (CSS pixels of the map), inside the map; hidden when there are none. */
  show({ x, y }, rows) {
    if (!rows) {
      this.hide();
      return;
    }
    if (!this.#element.isConnected) {
      this.#room.append(this.#element);
    }
    this.#element.replaceChildren(...rows);
    this.#element.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = this.#element;
    const left = x + 16 + width > this.#room.clientWidth ? x - 14 - width : x + 16;
    const top = y + 18 + height > this.#room.clientHeight ? y - 12 - height : y + 18;
    this.#element.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
  }

  hide() {
    this.#element.hidden = true;
  }
}
