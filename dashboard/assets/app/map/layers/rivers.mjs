/* The quiet ground: rivers, the lines of the country and its neighbours, names of places outside. */
import { bus } from '../../core/bus.mjs';
import { fetchJson } from '../../core/http.mjs';
import { boundsOf, fadingPieces } from '../fading.mjs';
import { FONT, isFree, writeLabel } from '../labels.mjs';
import { MapLayer } from '../map_layer.mjs';

const KINDS = ['river', 'outline', 'place_name'];
const LINES = {
  LineString: (coordinates) => [coordinates],
  MultiLineString: (coordinates) => coordinates,
  Polygon: (coordinates) => coordinates,
  MultiPolygon: (coordinates) => coordinates.flat(),
};

const linesOf = ({ type, coordinates }) => LINES[type]?.(coordinates) ?? [];

/** Corners closer than a pixel to the one before are left out. */
function trace(pen, frame, lines) {
  pen.beginPath();
  for (const line of lines) {
    let [bx, by] = frame.at(...line[0]);
    pen.moveTo(bx, by);
    for (let n = 1; n < line.length; n += 1) {
      const [x, y] = frame.at(line[n][0], line[n][1]);
      if (Math.abs(x - bx) + Math.abs(y - by) >= frame.ratio || n === line.length - 1) {
        pen.lineTo(x, y);
        [bx, by] = [x, y];
      }
    }
  }
  pen.stroke();
}

function traceFading(pen, frame, pieces) {
  for (const [share, lines] of pieces) {
    pen.globalAlpha = share;
    trace(pen, frame, lines);
  }
  pen.globalAlpha = 1;
}

export default class Rivers extends MapLayer {
  #base = Object.fromEntries(KINDS.map((kind) => [kind, []]));

  /** The quiet ground is read when the areas stand: nobody waits for it. */
  connect(signal) {
    const off = bus.on('painted', () => {
      off();
      KINDS.forEach((kind) => this.#read(kind, signal));
    });
  }

  /** A deployment may have no base map. */
  async #read(kind, signal) {
    const got = await fetchJson(`/api/base/${kind}`, { signal }).catch(() => ({ features: [] }));
    const lines = got.features.map(({ geometry }) => linesOf(geometry));
    const bounds = boundsOf(lines.flat());
    this.#base[kind] = got.features.map(({ properties, geometry }, n) => ({
      ...properties,
      geometry,
      pieces: fadingPieces(lines[n], bounds),
    }));
    this.map.repaint();
    this.map.countsChanged();
  }

  counts() {
    return { river: this.#base.river.length > 0 };
  }

  drawUnder(pen, frame) {
    if (!this.shows('river')) {
      return;
    }
    const growth = Math.min(2.2, Math.max(0.7, (frame.zoom - 6) / 4));
    pen.lineJoin = 'round';
    pen.lineCap = 'round';
    pen.strokeStyle = this.style.line;
    for (const river of this.#base.river) {
      pen.lineWidth = Math.max(1, 4 - river.rank) * 0.9 * frame.scale * growth;
      traceFading(pen, frame, river.pieces);
    }
  }

  drawFill(pen, frame) {
    pen.strokeStyle = this.style.outline;
    pen.lineWidth = frame.scale;
    for (const outline of this.#base.outline) {
      pen.setLineDash(outline.rank > 1 ? [6 * frame.scale, 4 * frame.scale] : []);
      traceFading(pen, frame, outline.pieces);
    }
  }

  /** Places of the surroundings; inside, the areas have names of their own. */
  drawNames(pen, frame) {
    const size = 11 * frame.scale;
    pen.font = `500 ${size}px ${FONT}`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    const shown = this.#base.place_name.filter((place) => place.rank <= frame.zoom - 5);
    shown.forEach((place) => this.#drawPlace(pen, frame, place, size));
  }

  #drawPlace(pen, frame, { name, names, geometry }, size) {
    const [lng, lat] = geometry.coordinates;
    const [x, y] = frame.at(lng, lat);
    const words = names?.[this.map.config.locale] || name;
    const half = pen.measureText(words).width / 2 + 6;
    const box = [x - half, y - size, x + half, y + size];
    if (frame.contains(x, y) && isFree(this.map.boxes, box) && !this.map.ground.areaAt({ lng, lat })) {
      this.map.boxes.push(box);
      const { place: colour, halo } = this.style;
      writeLabel(pen, words, { x, y, colour, halo, width: 3 * frame.scale });
    }
  }
}
