/* Emerging clusters: a dashed ring each, with observed against expected; pressed, it filters to its cases. */
import { make } from '../../core/dom.mjs';
import { number } from '../../core/format.mjs';
import { fetchJson, query } from '../../core/http.mjs';
import { text } from '../../core/words.mjs';
import { FONT, isFree, writeLabel } from '../labels.mjs';
import { MapLayer } from '../map_layer.mjs';

const EARTH_RADIUS_M = 6371008.8;
/** Seen round a handful of cases, which lies over it. */
const SMALLEST_PX = 27;
const HIT_PX = 8;
const LABEL_PX = 12;
const DASH = [7, 5];

const degreesOf = (metres) => ((metres / EARTH_RADIUS_M) * 180) / Math.PI;

export default class Clusters extends MapLayer {
  #items = [];
  #rings = [];

  get isLive() {
    return true;
  }

  async load(area, signal) {
    const { items } = await fetchJson(`/api/clusters${query({ area })}`, { signal });
    return () => {
      this.#items = items;
      this.#rings = [];
    };
  }

  counts() {
    return { cluster: this.#items.length };
  }

  drawMarks(pen, frame) {
    this.#rings = [];
    if (!this.shows('cluster')) {
      return;
    }
    const taken = [...this.map.boxes];
    for (const item of this.#items) {
      const ring = this.#ringOf(item, frame);
      this.#rings.push(ring);
      this.#drawRing(pen, frame, ring);
    }
    this.#rings.forEach((ring) => this.#drawLabel(pen, frame, { ring, taken }));
  }

  #ringOf(item, frame) {
    const [x, y] = frame.at(item.lon, item.lat);
    const [, above] = frame.at(item.lon, item.lat + degreesOf(item.radius_m));
    return { item, x, y, r: Math.max(y - above, SMALLEST_PX * frame.scale) };
  }

  #drawRing(pen, frame, { item, x, y, r }) {
    const isChosen = String(this.map.filter.cluster) === String(item.id);
    pen.beginPath();
    pen.arc(x, y, r, 0, 2 * Math.PI);
    pen.fillStyle = this.style.fill;
    pen.fill();
    pen.setLineDash(isChosen ? [] : DASH.map((part) => part * frame.scale));
    pen.lineWidth = (isChosen ? 3 : 2) * frame.scale;
    pen.strokeStyle = this.style.line;
    pen.stroke();
    pen.setLineDash([]);
  }

  #drawLabel(pen, frame, { ring: { item, x, y, r }, taken }) {
    const { scale } = frame;
    const words = text('js.cluster.label', { n: number(item.observed), expected: item.expected.toFixed(1) });
    pen.font = `600 ${LABEL_PX * scale}px ${FONT}`;
    pen.textAlign = 'center';
    pen.textBaseline = 'bottom';
    const half = pen.measureText(words).width / 2 + 2 * scale;
    const bottom = y - r - 3 * scale;
    const box = [x - half, bottom - 15 * scale, x + half, bottom];
    if (isFree(taken, box)) {
      taken.push(box);
      writeLabel(pen, words, { x, y: bottom, colour: this.style.text, halo: this.style.halo, width: 3 * scale });
    }
  }

  /** The ring, not what lies in it: that is the area's and the cases'. */
  hit(point) {
    const frame = this.map.frame('marks');
    const { ratio } = frame;
    const reach = HIT_PX * this.map.unit;
    const isOn = (ring) => Math.abs(this.map.toPoint(ring, frame).distanceTo(point) - ring.r / ratio) < reach;
    return this.#rings.find(isOn)?.item ?? null;
  }

  tooltip(item) {
    const { observed, expected, from, to, recurrence_days: days } = item;
    return [
      make('div', 'tag-head', text('js.cluster.head', { name: item.name ?? text('js.cluster.all') })),
      make('div', 'tag-line', text('js.cluster.counts', { n: observed, expected: expected.toFixed(1) })),
      make('div', 'tag-line', text('js.cluster.days', { from, to })),
      make('div', 'tag-line', text('js.cluster.chance', { n: Math.round(days) })),
    ];
  }

  click(item) {
    if (item.list) {
      this.map.filterChosen('cluster', String(item.id), { toggles: true });
    }
  }

  filterChanged() {
    this.map.repaint('marks');
  }
}
