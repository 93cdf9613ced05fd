/* The small tag beside the pointer: what lies under it, in one glance. */
import { make } from '../core/dom.mjs';
import { text } from '../core/words.mjs';

/** What is said of the area that is coloured: name and tier, its counts if it is inside the present one, and where a
    click leads (`opens`) if that is another. Null for none. */
export function areaTooltip({ index, scene, ground, config }, code, opens) {
  const area = code && index.get(code);
  if (!area) {
    return null;
  }
  const { name, open, waiting } = area;
  const tier = index.tierOf(code);
  const head = make('div', 'tag-head');
  head.append(
    ...(tier ? [make('span', `tier-mark tier-${tier}`, text(`tier.mark.${tier}`))] : []),
    make('strong', '', name),
    ...(tier ? [make('span', `tier-text-${tier}`, text(`tier.${tier}`))] : []),
  );
  const inside = scene.child.child.has(code) || ground.areaLevel?.child.has(code);
  const words = inside && open !== undefined ? text('js.map.figures', { open, waiting }) : text('js.map.neighbour');
  const level = config.levels.find((one) => one.code === area.level)?.name;
  const leads = opens && opens !== code ? index.get(opens)?.name : '';
  return [
    head,
    make('div', 'tag-line', words),
    ...(inside && level
      ? [make('div', 'tag-line quiet', leads ? text('js.map.leads', { level, area: leads }) : level)]
      : []),
  ];
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
