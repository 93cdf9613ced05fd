/* Repeat disputes: each chain a line from case to case in the order of their reports, from the zoom at which two places
   are apart; pressed, it filters to its cases. */
import { make } from '../../core/dom.mjs';
import { number } from '../../core/format.mjs';
import { fetchJson, query } from '../../core/http.mjs';
import { text } from '../../core/words.mjs';
import { FONT, isFree, writeLabel } from '../labels.mjs';
import { MapLayer } from '../map_layer.mjs';

const RING_PX = 13;
const HIT_PX = 7;
const LABEL_PX = 11;

/** How far a point is from the stretch between two others. */
function reach([px, py], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const long = dx * dx + dy * dy;
  const share = long ? Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / long)) : 0;
  return Math.hypot(px - ax - share * dx, py - ay - share * dy);
}

export default class RepeatChains extends MapLayer {
  #signal = null;
  #area = null;
  #read = null;
  #chains = [];
  #drawn = [];

  connect(signal) {
    this.#signal = signal;
    this.map.leaflet.on('moveend', () => this.#readIfSeen());
  }

  get isLive() {
    return true;
  }

  /** Read when they can be seen: nobody waits for them. */
  async load(area) {
    return () => {
      this.#area = area;
      this.#read = null;
      this.#chains = this.#drawn = [];
      this.#readIfSeen();
    };
  }

  async #readIfSeen() {
    const area = this.#area;
    if (!this.isInView || area === this.#read) {
      return;
    }
    this.#read = area;
    const path = `/api/repeats${query({ area })}`;
    const { items } = await fetchJson(path, { signal: this.#signal }).catch(() => ({ items: [] }));
    if (area === this.#read) {
      this.#chains = items;
      this.map.repaint('marks');
      this.map.countsChanged();
    }
  }

  counts() {
    return { chain: this.#chains.length };
  }

  drawMarks(pen, frame) {
    this.#drawn = [];
    if (!this.isInView || !this.shows('chain')) {
      return;
    }
    const taken = [...this.map.boxes];
    for (const chain of this.#chains) {
      const at = chain.points.map(([lon, lat]) => frame.at(lon, lat));
      this.#drawn.push({ chain, at });
      this.#drawChain(pen, frame, at);
      this.#drawLabel(pen, frame, { chain, at, taken });
    }
  }

  #drawChain(pen, { scale }, at) {
    pen.strokeStyle = this.style.line;
    pen.lineWidth = 1.5 * scale;
    pen.beginPath();
    at.forEach(([x, y], place) => (place ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.stroke();
    for (const [x, y] of at) {
      pen.beginPath();
      pen.arc(x, y, RING_PX * scale, 0, 2 * Math.PI);
      pen.stroke();
    }
  }

  #drawLabel(pen, { scale }, { chain, at, taken }) {
    const words = `×${number(chain.cases.length)}`;
    const [x, top] = at.reduce((best, one) => (one[1] < best[1] ? one : best));
    pen.font = `600 ${LABEL_PX * scale}px ${FONT}`;
    pen.textAlign = 'center';
    pen.textBaseline = 'bottom';
    const half = pen.measureText(words).width / 2 + 2 * scale;
    const bottom = top - (RING_PX + 2) * scale;
    const box = [x - half, bottom - 14 * scale, x + half, bottom];
    if (isFree(taken, box)) {
      taken.push(box);
      writeLabel(pen, words, { x, y: bottom, colour: this.style.text, halo: this.style.halo, width: 3 * scale });
    }
  }

  /** The line and the rings, not what lies in them: that is the cases'. */
  hit(point) {
    const frame = this.map.frame('marks');
    const limit = HIT_PX * this.map.unit;
    const isOn = ({ at }) => {
      const here = at.map(([x, y]) => this.map.toPoint({ x, y }, frame));
      return here.some((one, place) => {
        const before = here[Math.max(place - 1, 0)];
        return reach([point.x, point.y], [before.x, before.y], [one.x, one.y]) < limit;
      });
    };
    return this.#drawn.find(isOn)?.chain ?? null;
  }

  tooltip(chain) {
    const { cases, span_days: days, span_m: metres, open } = chain;
    const spans = { n: number(cases.length), days: number(Math.round(days)), metres: number(Math.round(metres)) };
    return [
      make('div', 'tag-head', chain.name),
      make('div', 'tag-line', text('js.repeat.row', spans)),
      ...(open ? [make('div', 'tag-line', text('js.repeat.open', { n: number(open) }))] : []),
    ];
  }

  click(chain) {
    if (chain.list) {
      this.map.filterChosen('cases', chain.cases.join(','), { toggles: true });
    }
  }

  filterChanged() {
    this.map.repaint('marks');
  }
}
