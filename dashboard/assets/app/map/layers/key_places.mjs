/* Key places: a quiet glyph each, from the zoom at which they can be told apart. Of a factor of the tiers (the filter)
   those that count for it, from any zoom. */
import { make } from '../../core/dom.mjs';
import { fetchJson, query } from '../../core/http.mjs';
import { FONT, isFree, writeLabel } from '../labels.mjs';
import { MapLayer } from '../map_layer.mjs';

const GLYPH_PX = 13;
const RADIUS_PX = 9.5;
const HIT_PX = 12;
const NAMED_ZOOM = 14.5;
const NOTHING = { items: [], categories: [] };

/** An icon as a picture of one colour. */
function tinted(picture, side, colour) {
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const pen = canvas.getContext('2d');
  pen.drawImage(picture, 0, 0, side, side);
  pen.globalCompositeOperation = 'source-in';
  pen.fillStyle = colour;
  pen.fillRect(0, 0, side, side);
  return canvas;
}

export default class KeyPlaces extends MapLayer {
  #signal = null;
  #area = null;
  #read = null;
  #places = [];
  #kinds = new Map();
  #spots = [];
  #glyphs = new Map();

  connect(signal) {
    this.#signal = signal;
    this.map.leaflet.on('moveend', () => this.#readIfSeen());
  }

  /** Where they are is read when they can be seen. */
  async load(area) {
    return () => {
      this.#area = area;
      this.#read = null;
      this.#places = [];
      this.#spots = [];
      this.#readIfSeen();
    };
  }

  get #factor() {
    return this.map.filter.factor ?? '';
  }

  get isInView() {
    return Boolean(this.#factor) || super.isInView;
  }

  filterChanged() {
    this.#readIfSeen();
    this.map.repaint('marks');
    this.map.countsChanged();
  }

  async #readIfSeen() {
    const wanted = query({ area: this.#area, factor: this.#factor });
    if (!this.isInView || wanted === this.#read) {
      return;
    }
    this.#read = wanted;
    const got = await fetchJson(`/api/places${wanted}`, { signal: this.#signal }).catch(() => NOTHING);
    if (wanted === this.#read) {
      this.#places = got.items;
      this.#kinds = new Map(got.categories.map((kind) => [kind.code, kind]));
      this.map.repaint('marks');
      this.map.countsChanged();
    }
  }

  counts() {
    const found = {};
    for (const { category } of this.#places) {
      found[category] = (found[category] || 0) + 1;
    }
    return found;
  }

  /** The legend's lines come from the data: only categories that are here. */
  entries() {
    const found = this.counts();
    const kinds = [...this.#kinds.values()].filter(({ code }) => found[code]);
    return kinds.map(({ code, name, icon }) => ({ id: code, words: name, mark: 'icon', icon }));
  }

  hit(point) {
    const frame = this.map.frame('marks');
    const reach = HIT_PX * this.map.unit;
    const near = (spot) => this.map.toPoint(spot, frame).distanceTo(point) < reach;
    return this.#spots.find(near) || null;
  }

  tooltip({ place }) {
    return [make('div', 'tag-head', place.name), make('div', 'tag-line', this.#kinds.get(place.category)?.name)];
  }

  drawMarks(pen, frame) {
    this.#spots = [];
    if (!this.isInView) {
      return;
    }
    const taken = [...this.map.boxes];
    for (const place of this.#places.filter(({ category }) => this.shows(category))) {
      this.#drawPlace(pen, frame, { place, taken });
    }
    if (frame.zoom >= NAMED_ZOOM) {
      this.#spots.forEach((spot) => this.#drawName(pen, frame, { ...spot, taken }));
    }
  }

  #drawPlace(pen, frame, { place, taken }) {
    const [x, y] = frame.at(place.lon, place.lat);
    const r = RADIUS_PX * frame.scale;
    const side = Math.round(GLYPH_PX * frame.scale);
    const box = [x - r, y - r, x + r, y + r];
    const glyph = frame.contains(x, y) && isFree(taken, box) && this.#glyph(place, side);
    if (!glyph) {
      return;
    }
    taken.push(box);
    this.#spots.push({ x, y, place });
    pen.fillStyle = this.style.back;
    pen.strokeStyle = this.style.line;
    pen.lineWidth = frame.scale;
    pen.beginPath();
    pen.roundRect(x - r, y - r, r * 2, r * 2, 5 * frame.scale);
    pen.fill();
    pen.stroke();
    pen.drawImage(glyph, Math.round(x - side / 2), Math.round(y - side / 2));
  }

  #drawName(pen, frame, { place, x, y, taken }) {
    const { scale } = frame;
    pen.font = `500 ${11 * scale}px ${FONT}`;
    pen.textAlign = 'center';
    pen.textBaseline = 'top';
    const top = y + RADIUS_PX * scale;
    const half = pen.measureText(place.name).width / 2 + 2 * scale;
    const box = [x - half, top + scale, x + half, top + 16 * scale];
    if (isFree(taken, box)) {
      taken.push(box);
      const { text: colour, halo } = this.style;
      writeLabel(pen, place.name, { x, y: top + 3 * scale, colour, halo, width: 3 * scale });
    }
  }

  /** The icon in the colour of the theme; null until its picture is there. */
  #glyph({ category }, side) {
    const name = this.#kinds.get(category)?.icon || 'map-pin';
    const { glyph: colour } = this.style;
    const key = `${name}:${colour}:${side}`;
    if (!this.#glyphs.has(key)) {
      this.#glyphs.set(key, null);
      const picture = new Image();
      picture.onload = () => {
        this.#glyphs.set(key, tinted(picture, side, colour));
        this.map.repaint('marks');
      };
      picture.src = `/assets/icons/${name}.svg`;
    }
    return this.#glyphs.get(key);
  }
}
