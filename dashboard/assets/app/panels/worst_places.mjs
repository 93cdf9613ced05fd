/* The rest of the rail: the areas of the coloured level that need eyes first. Out of what the map knows: it asks for
   nothing, and follows the level and the stream as the colours do. */
import { bus } from '../core/bus.mjs';
import { make, makeButton } from '../core/dom.mjs';
import { number } from '../core/format.mjs';
import { Part } from '../core/part.mjs';
import { debounced } from '../core/timers.mjs';
import { text } from '../core/words.mjs';

const MOST = 6;
const DRAW_MS = 80;
const RANK = { key: 0, watch: 1 };

const byNeed = (a, b) => RANK[a.tier] - RANK[b.tier] || b.waiting - a.waiting || b.open - a.open;

/** The areas of a level whose tier is key or watch, those that need eyes first. `rows`: as the index has them. */
export function worstOf(rows, most = MOST) {
  return rows
    .filter((row) => row && row.tier in RANK)
    .sort((a, b) => byNeed(a, b) || (a.code < b.code ? -1 : 1))
    .slice(0, most);
}

function rowOf({ code, name, tier, open, waiting }, holder) {
  const row = makeButton('area-row worst-row', null, { goArea: code });
  row.dataset.tier = tier;
  const words = make('span', 'area-name', name);
  if (holder) {
    words.append(make('span', 'worst-holder', holder));
  }
  const figures = text('js.figures', { open: number(open), waiting: number(waiting) });
  const mark = make('span', `tier-mark tier-${tier}`, text(`tier.mark.${tier}`));
  mark.title = text(`tier.${tier}`);
  row.append(mark, words, make('span', 'area-count', figures));
  return row;
}

export class WorstPlaces extends Part {
  #page;
  #draw = debounced(DRAW_MS, () => this.#drawNow());

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    ['map-counts', 'painted', 'rail-drawn', 'case', 'map-gone'].forEach((event) => bus.on(event, this.#draw, signal));
  }

  #drawNow() {
    const place = document.getElementById('worst-places');
    const { map } = this.#page;
    const areaLevel = map?.ground.areaLevel;
    if (!place) {
      return;
    }
    place.hidden = !areaLevel || map.scene.leaf;
    if (!place.hidden) {
      place.replaceChildren(...this.#contents(map, areaLevel));
    }
  }

  #contents(map, areaLevel) {
    const worst = worstOf([...areaLevel.child.keys()].map((code) => map.index.get(code)));
    const holderOf = ({ code }) => {
      const child = areaLevel.child.get(code);
      return child === code ? '' : map.index.get(child)?.name;
    };
    const level = map.config.levels.find(({ code }) => code === areaLevel.level)?.name ?? '';
    const title = make('h2', 'section-title', text('js.worst.title', { level }));
    const none = [make('p', 'state-hint', text('js.worst.none', { level }))];
    return [title, ...(worst.length ? worst.map((row) => rowOf(row, holderOf(row))) : none)];
  }
}
