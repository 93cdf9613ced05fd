/* Vector tiles: fetched once, decoded once into paths, kept for every later recolouring; unneeded requests are given up. */
import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';

import { gridboard } from '../core/gridboard.mjs';

const KEPT = 900;
const AT_ONCE = 8;
const REMEMBERED = 3;

/** Paths in tile units, with the area of the piece (tile units squared) to tell large from small. */
function decode(buffer, level) {
  const layer = new VectorTile(new PbfReader(new Uint8Array(buffer))).layers[level];
  const features = [];
  if (!layer) {
    return { extent: 4096, features };
  }
  for (let n = 0; n < layer.length; n += 1) {
    const feature = layer.feature(n);
    features.push({ id: feature.id, code: feature.properties.code, ...gridboard.map.readShape(feature, layer.extent) });
  }
  return { extent: layer.extent, features };
}

function makeTiles(changed) {
  const kept = new Map();
  const asked = new Map();
  const versions = new Map();
  const queue = [];
  let running = 0;

  const keyOf = (level, version, z, x, y) => `${level}/${version}/${z}/${x}/${y}`;

  function keep(key, tile) {
    kept.set(key, tile);
    while (kept.size > KEPT) {
      kept.delete(kept.keys().next().value);
    }
  }

  async function load(key, level, stop) {
    try {
      const answer = await window.fetch(`/tiles/${key}.mvt`, { signal: stop.signal, credentials: 'same-origin' });
      if (!answer.ok) {
        throw Object.assign(new Error(key), { status: answer.status });
      }
      const buffer = await answer.arrayBuffer();
      keep(key, decode(buffer, level));
    } catch (failure) {
      if (failure.name === 'AbortError') {
        return;
      }
      // Remembered as empty for a moment only: the map asks again when it is next moved.
      keep(key, { extent: 4096, features: [], failed: true });
      if (failure.status === 404) {
        gridboard.emit('tile-gone', {});
      }
      window.setTimeout(
        () => {
          kept.delete(key);
          changed();
        },
        failure.status === 404 ? 60000 : 4000,
      );
    }
  }

  function next() {
    while (running < AT_ONCE && queue.length) {
      const { key, level, stop } = queue.shift();
      if (stop.signal.aborted) {
        continue;
      }
      running += 1;
      load(key, level, stop).finally(() => {
        running -= 1;
        if (asked.get(key) === stop) {
          asked.delete(key);
        }
        changed();
        next();
      });
    }
  }

  /** The version that a level is drawn in from now on; tiles of the one before stand in until its own are there. */
  function follow(level, version) {
    const known = versions.get(level) || [];
    if (known[0] !== version) {
      versions.set(level, [version, ...known.filter((one) => one !== version)].slice(0, REMEMBERED));
    }
  }

  /** The version itself and those before it, the latest first. */
  const versionsOf = (level, version) => [version, ...(versions.get(level) || []).filter((one) => one !== version)];

  /** A tile that holds something: one that could not be had stands for nothing. */
  function drawn(key) {
    const tile = kept.get(key);
    return tile && !tile.failed ? tile : null;
  }

  /** Asks for what is wanted and not there; gives up what is asked for and no longer wanted. */
  function want(keys) {
    const wanted = new Map(keys);
    asked.forEach((stop, key) => {
      if (!wanted.has(key)) {
        stop.abort();
        asked.delete(key);
      }
    });
    wanted.forEach((level, key) => {
      if (kept.has(key) || asked.has(key)) {
        return;
      }
      const stop = new AbortController();
      asked.set(key, stop);
      queue.push({ key, level, stop });
    });
    next();
  }

  function get(key) {
    const tile = kept.get(key);
    if (tile) {
      kept.delete(key);
      kept.set(key, tile);
    }
    return tile;
  }

  return {
    want,
    get,
    keyOf,
    follow,
    versionsOf,
    drawn,
    pending: () => asked.size,
    peek: (key) => kept.get(key),
    end() {
      asked.forEach((stop) => stop.abort());
      asked.clear();
      kept.clear();
    },
  };
}

gridboard.map.makeTiles = makeTiles;
gridboard.map.decodeTile = decode;
