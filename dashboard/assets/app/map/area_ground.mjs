/* The ground of the map: which polygons of which levels are on the screen, and which area is under a point. Layers
   draw it. */
import { featureAt, featureOf } from './tile_drawing.mjs';
import { meanWidth, placeTile, project, tileAt, tilesOver, tileZoom, unproject } from './tile_math.mjs';

/** As many areas are told apart on a phone and on a wall: the level is the same on every screen. */
const MOST_FILLED = 1000;
const NONE = { fill: [], child: [], own: [] };

export class AreaGround {
  #map;
  #drawn = NONE;
  #areaLevel = null;
  #wanted = [];

  constructor(map) {
    this.#map = map;
  }

  /** The level that is filled: the chosen one, else the deepest of which not too many areas are in view. */
  get areaLevel() {
    return this.#areaLevel;
  }

  /** Pieces of tiles on the screen: `fill`, `child`, `own` (docs/front-end.md). */
  get pieces() {
    return this.#drawn;
  }

  /** The tiles of the view: [areaLevel, tile] each. */
  get wanted() {
    return this.#wanted;
  }

  fillLevel(scene = this.#map.scene, zoom = this.#map.zoom) {
    const { level } = this.#map;
    const chosen = scene.areaLevels.find((areaLevel) => areaLevel.level === level);
    return chosen || this.usualLevel(scene, zoom);
  }

  /** A whole zoom beyond the view of the whole area shows a quarter of it. */
  usualLevel(scene = this.#map.scene, zoom = this.#map.zoom) {
    const steps = Math.max(0, Math.round(zoom - this.#map.view.fitZoom(scene.facts.bbox)));
    return scene.areaLevels.findLast(({ n }) => n / 4 ** steps <= MOST_FILLED) || scene.child;
  }

  /** Whether a person has chosen the level: then it is what a click opens. */
  get isChosen() {
    return Boolean(this.#areaLevel) && this.#areaLevel.level === this.#map.level;
  }

  /** Asks for every tile of the view; true once all of them are there. */
  prepare(frame) {
    const { scene, tiles } = this.#map;
    const cover = this.coverOf(frame.bounds, frame.zoom);
    this.#fill(this.fillLevel(scene, frame.zoom));
    const areaLevels = { fill: this.#areaLevel, child: scene.child, own: scene.own };
    const wanted = Object.values(areaLevels).flatMap((areaLevel) => cover.map((tile) => [areaLevel, tile]));
    this.#wanted = wanted;
    Object.values(areaLevels).forEach((areaLevel) => tiles.follow(areaLevel));
    tiles.want([...wanted, ...this.#map.ahead.list]);
    const drawn = Object.entries(areaLevels).map(([name, areaLevel]) => [
      name,
      cover.flatMap((tile) => tiles.pieces(areaLevel, tile)),
    ]);
    this.#drawn = Object.fromEntries(drawn);
    return this.isWhole;
  }

  #fill(areaLevel) {
    const isOther = areaLevel.level !== this.#areaLevel?.level;
    this.#areaLevel = areaLevel;
    if (isOther) {
      setTimeout(() => this.#map.countsChanged());
    }
  }

  /** Whether every tile of the view is there. */
  get isWhole() {
    return this.#wanted.every(([areaLevel, tile]) => this.#map.tiles.has(areaLevel, tile));
  }

  /** The tiles over a piece of the world; at the top of what somebody may see, those of the area alone: there is
      nothing else. */
  coverOf({ min, max }, zoom, scene = this.#map.scene) {
    if (scene?.code !== this.#map.config.root) {
      return tilesOver({ min, max }, zoom);
    }
    const [west, south, east, north] = scene.facts.bbox;
    const [[left, top], [right, bottom]] = [project(west, north, zoom), project(east, south, zoom)];
    const inside = {
      min: { x: Math.max(min.x, left), y: Math.max(min.y, top) },
      max: { x: Math.min(max.x, right), y: Math.min(max.y, bottom) },
    };
    return inside.min.x > inside.max.x || inside.min.y > inside.max.y ? [] : tilesOver(inside, zoom);
  }

  /** Mean width of a polygon of an area level, in pixels of an ordinary screen. */
  meanSize(frame, { n } = this.#areaLevel) {
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

  /** The coloured area at a place inside the present one. */
  shownAt({ lng, lat }) {
    const code = this.#areaLevel && this.#codeAt(lng, lat, this.#areaLevel);
    return code && this.#areaLevel.child.has(code) ? code : null;
  }

  /** The pieces in which an area is drawn. */
  piecesOf(code) {
    const { scene } = this.#map;
    if (!scene.child.child.has(code) && this.#areaLevel?.child.has(code)) {
      return this.#drawn.fill;
    }
    const isNeighbour = this.#map.index.get(code)?.level === scene.own.level && !scene.leaf;
    return isNeighbour ? this.#drawn.own : this.#drawn.child;
  }

  childAt(lng, lat) {
    return this.#codeAt(lng, lat, this.#map.scene.child);
  }

  /** Whether a place is in an area of a level, as far as the tiles at hand say. */
  holds({ level, version }, code, lng, lat) {
    return this.#codeAt(lng, lat, { level, version }) === code;
  }

  /** Where an area that is drawn stands on a canvas ([left, top, right, bottom] in device pixels), and whether a
      place is inside; null for one that is not drawn. */
  outlineOf(code, frame) {
    const found = this.#levelOf(code);
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
    const holds = ({ lng, lat }) => this.holds(found.areaLevel, code, lng, lat);
    return Number.isFinite(box[0]) ? { box, holds } : null;
  }

  /** [west, south, east, north] of an area that is whole on the canvas, as exact as its tiles are; null for any
      other. */
  boundsOf(code, frame) {
    const box = this.outlineOf(code, frame)?.box;
    if (!box || box[0] < 0 || box[1] < 0 || box[2] > frame.width || box[3] > frame.height) {
      return null;
    }
    const place = (x, y) => unproject(x / frame.ratio + frame.origin.x, y / frame.ratio + frame.origin.y, frame.zoom);
    const [[west, north], [east, south]] = [place(box[0], box[1]), place(box[2], box[3])];
    return [west, south, east, north];
  }

  #levelOf(code) {
    const { scene } = this.#map;
    if (code === scene.code) {
      return { name: 'own', areaLevel: scene.own };
    }
    if (scene.child.child.has(code)) {
      return { name: 'child', areaLevel: scene.child };
    }
    return this.#areaLevel?.child.has(code) ? { name: 'fill', areaLevel: this.#areaLevel } : null;
  }

  #codeAt(lng, lat, areaLevel) {
    const at = tileAt(lng, lat, tileZoom(this.#map.zoom));
    const source = this.#map.tiles.standIn(areaLevel, at);
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
