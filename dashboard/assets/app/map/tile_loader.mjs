/* Vector tiles: fetched once, decoded once into paths, kept for later recolouring; unneeded requests are given up. */
import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';

import { bus } from '../core/bus.mjs';
import { readShapes } from './tile_shapes.mjs';

const KEPT = 900;
const AT_ONCE = 32;
const REMEMBERED = 3;
const GONE_MS = 60000;
const FAILED_MS = 4000;
const EXTENT = 4096;
const FARTHEST = 6;

/** {extent, features: list of shapes}, in tile units. */
export function decodeTile(buffer, level) {
  const layer = new VectorTile(new PbfReader(new Uint8Array(buffer))).layers[level];
  return layer ? { extent: layer.extent, features: readShapes(layer) } : { extent: EXTENT, features: [] };
}

export class TileLoader {
  #kept = new Map();
  #asked = new Map();
  #versions = new Map();
  #queue = [];
  #running = 0;
  #changed;

  /** `changed` is called whenever a tile has come or was given up. */
  constructor(changed) {
    this.#changed = changed;
  }

  get pending() {
    return this.#asked.size;
  }

  end() {
    this.#asked.forEach((stop) => stop.abort());
    this.#asked.clear();
    this.#kept.clear();
  }

  /** The version that a level is drawn in from now on; tiles of the one before stand in until its own are there. */
  follow({ level, version }) {
    const known = this.#versions.get(level) || [];
    if (known[0] !== version) {
      this.#versions.set(level, [version, ...known.filter((one) => one !== version)].slice(0, REMEMBERED));
    }
  }

  /** Whether a tile is there, or known to be empty for a moment. */
  has(areaLevel, tile) {
    return this.#kept.has(keyOf(areaLevel, tile));
  }

  /** Asks for what is wanted ([areaLevel, tile] each) and not there; gives up requests that are no longer wanted. */
  want(wanted) {
    const keys = new Map(wanted.map(([areaLevel, tile]) => [keyOf(areaLevel, tile), areaLevel.level]));
    for (const [key, stop] of this.#asked) {
      if (!keys.has(key)) {
        stop.abort();
        this.#asked.delete(key);
      }
    }
    for (const [key, level] of keys) {
      if (!this.#kept.has(key) && !this.#asked.has(key)) {
        const stop = new AbortController();
        this.#asked.set(key, stop);
        this.#queue.push({ key, level, stop });
      }
    }
    this.#next();
  }

  /** The tile itself, or what stands for it while it is on its way: itself before its boundaries changed, or the part
      of one further out. {tile, z, x, y}, or null. */
  standIn(areaLevel, { z, x, y }) {
    this.#touch(keyOf(areaLevel, { z, x, y }));
    for (let up = 0; up <= FARTHEST && z - up >= 0; up += 1) {
      const found = this.#drawable(areaLevel, { z: z - up, x: x >> up, y: y >> up });
      if (found) {
        return found;
      }
    }
    return null;
  }

  /** What to draw for a wanted tile: itself or a stand-in; failing that, the four below it, as after zooming out. */
  pieces(areaLevel, { z, x, y }) {
    const source = this.standIn(areaLevel, { z, x, y });
    if (source) {
      return [{ z, x, y, source }];
    }
    const below = [0, 1, 2, 3].map((n) => ({ z: z + 1, x: x * 2 + (n % 2), y: y * 2 + (n >> 1) }));
    return below.map((tile) => ({ ...tile, source: this.#drawable(areaLevel, tile) })).filter((piece) => piece.source);
  }

  /** A tile of one of the versions of its level that holds something: one that could not be had stands for nothing. */
  #drawable({ level, version }, at) {
    for (const one of new Set([version, ...(this.#versions.get(level) || [])])) {
      const tile = this.#kept.get(keyOf({ level, version: one }, at));
      if (tile && !tile.failed) {
        return { tile, ...at };
      }
    }
    return null;
  }

  /** What was used last is dropped last. */
  #touch(key) {
    const tile = this.#kept.get(key);
    if (tile) {
      this.#kept.delete(key);
      this.#kept.set(key, tile);
    }
  }

  #keep(key, tile) {
    this.#kept.set(key, tile);
    while (this.#kept.size > KEPT) {
      this.#kept.delete(this.#kept.keys().next().value);
    }
  }

  #next() {
    while (this.#running < AT_ONCE && this.#queue.length) {
      const asked = this.#queue.shift();
      if (!asked.stop.signal.aborted) {
        this.#running += 1;
        this.#load(asked).finally(() => this.#loaded(asked));
      }
    }
  }

  async #load({ key, level, stop }) {
    try {
      const answer = await window.fetch(`/tiles/${key}.mvt`, { signal: stop.signal, credentials: 'same-origin' });
      if (!answer.ok) {
        throw Object.assign(new Error(key), { status: answer.status });
      }
      this.#keep(key, decodeTile(await answer.arrayBuffer(), level));
    } catch (failure) {
      if (failure.name !== 'AbortError') {
        this.#failed(key, failure.status);
      }
    }
  }

  /** Remembered as empty for a moment only: the map asks again when it is next moved. */
  #failed(key, status) {
    this.#keep(key, { extent: EXTENT, features: [], failed: true });
    if (status === 404) {
      bus.emit('tile-gone');
    }
    const forget = () => {
      this.#kept.delete(key);
      this.#changed();
    };
    setTimeout(forget, status === 404 ? GONE_MS : FAILED_MS);
  }

  #loaded({ key, stop }) {
    this.#running -= 1;
    if (this.#asked.get(key) === stop) {
      this.#asked.delete(key);
    }
    this.#changed();
    this.#next();
  }
}

const keyOf = ({ level, version }, { z, x, y }) => `${level}/${version}/${z}/${x}/${y}`;
