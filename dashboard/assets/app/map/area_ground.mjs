/* The ground of the map: which polygons of which levels are on the screen, and which area is under a point. Layers draw it. */
import { featureAt, featureOf } from './tile_drawing.mjs';
import { meanWidth, placeTile, tileAt, tilesOver, tileZoom, unproject } from './tile_math.mjs';

const SMALLEST_PX = 12;
const NONE = { fill: [], child: [], own: [] };

export class AreaGround {
  #map;
  #drawn = NONE;
  #rung = null;

  constructor(map) {
    this.#map = map;
  }

  /** The level that is filled: the deepest whose polygons are, on average, large enough to be seen one by one. */
  get rung() {
    return this.#rung;
  }

  /** Pieces of tiles on the screen: `fill`, `child`, `own` (docs/front-end.md). */
  get pieces() {
    return this.#drawn;
  }

  fillRung(scene = this.#map.scene, zoom = this.#map.zoom) {
    const { level } = this.#map;
    const wide = ({ n }) => meanWidth(scene.facts.bbox, n, zoom) >= SMALLEST_PX;
    return scene.rungs.find((rung) => rung.level === level) || scene.rungs.findLast(wide) || scene.child;
  }

  /** Asks for every tile of the view; true once all of them are there. */
  prepare(frame) {
    const { scene, tiles } = this.#map;
    const max = { x: frame.origin.x + frame.width / frame.ratio, y: frame.origin.y + frame.height / frame.ratio };
    const cover = tilesOver({ min: frame.origin, max }, frame.zoom);
    this.#rung = this.fillRung(scene, frame.zoom);
    const rungs = { fill: this.#rung, child: scene.child, own: scene.own };
    const wanted = Object.values(rungs).flatMap((rung) => cover.map((tile) => [rung, tile]));
    Object.values(rungs).forEach((rung) => tiles.follow(rung));
    tiles.want([...wanted, ...this.#map.ahead]);
    const drawn = Object.entries(rungs).map(([name, rung]) => [
      name,
      cover.flatMap((tile) => tiles.pieces(rung, tile)),
    ]);
    this.#drawn = Object.fromEntries(drawn);
    return wanted.every(([rung, tile]) => tiles.has(rung, tile));
  }

  /** Mean width of a polygon of a rung, in pixels of an ordinary screen. */
  meanSize(frame, { n } = this.#rung) {
    return meanWidth(this.#map.scene.facts.bbox, n, frame.zoom) / frame.unit;
  }

  /** The child of the area at a place, or a neighbour of the area outside it; null where there is none. */
  areaAt({ lng, lat }) {
    const { scene } = this.#map;
    if (!scene) {
      return null;
    }
    const child = this.#codeAt(lng, lat, scene.child);
    if (child && scene.child.child.has(child)) {
      return child;
    }
    const own = this.#codeAt(lng, lat, scene.own);
    return own === scene.code && !scene.leaf ? null : own;
  }

  childAt(lng, lat) {
    return this.#codeAt(lng, lat, this.#map.scene.child);
  }

  /** Whether a place is in an area of a level, as far as the tiles at hand say. */
  holds({ level, version }, code, lng, lat) {
    return this.#codeAt(lng, lat, { level, version }) === code;
  }

  /** Where an area that is drawn stands on a canvas ([left, top, right, bottom] in device pixels), and whether a place is inside;
      null for one that is not drawn. */
  outlineOf(code, frame) {
    const found = this.#rungOf(code);
    if (!found) {
      return null;
    }
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const { source } of this.#drawn[found.name]) {
      const feature = featureOf(source.tile, code);
      if (feature) {
        stretch(box, feature.box, placeTile(frame, source), source.tile.extent);
      }
    }
    const holds = ({ lng, lat }) => this.holds(found.rung, code, lng, lat);
    return Number.isFinite(box[0]) ? { box, holds } : null;
  }

  /** [west, south, east, north] of an area that is whole on the canvas, as exact as its tiles are; null for any other. */
  boundsOf(code, frame) {
    const box = this.outlineOf(code, frame)?.box;
    if (!box || box[0] < 0 || box[1] < 0 || box[2] > frame.width || box[3] > frame.height) {
      return null;
    }
    const place = (x, y) => unproject(x / frame.ratio + frame.origin.x, y / frame.ratio + frame.origin.y, frame.zoom);
    const [[west, north], [east, south]] = [place(box[0], box[1]), place(box[2], box[3])];
    return [west, south, east, north];
  }

  #rungOf(code) {
    const { scene } = this.#map;
    if (code === scene.code) {
      return { name: 'own', rung: scene.own };
    }
    if (scene.child.child.has(code)) {
      return { name: 'child', rung: scene.child };
    }
    return this.#rung?.child.has(code) ? { name: 'fill', rung: this.#rung } : null;
  }

  #codeAt(lng, lat, rung) {
    const at = tileAt(lng, lat, tileZoom(this.#map.zoom));
    const source = this.#map.tiles.standIn(rung, at);
    if (!source) {
      return null;
    }
    const inside = tileAt(lng, lat, source.z);
    return featureAt(source.tile, inside.u * source.tile.extent, inside.v * source.tile.extent)?.code ?? null;
  }
}

/** Widens a box by that of a feature, from tile units into device pixels. */
function stretch(box, [left, top, right, bottom], place, extent) {
  const k = place.width / extent;
  box[0] = Math.min(box[0], left * k + place.left);
  box[1] = Math.min(box[1], top * k + place.top);
  box[2] = Math.max(box[2], right * k + place.left);
  box[3] = Math.max(box[3], bottom * k + place.top);
}
