/* Drawing one tile: where it stands in device pixels, what of it may be painted, and its features gathered by tier. */
import { gridboard } from '../core/gridboard.mjs';

const UP = 6;
const MANY = 1500;
const HANDFUL = 24;
const tips = document.createElement('canvas').getContext('2d');

/** Whole device pixels, so that neighbours meet without a seam. */
function place(frame, z, x, y) {
  const size = 256 * 2 ** (frame.zoom - z);
  const edge = (n, from) => Math.round((n * size - from) * frame.ratio);
  const left = edge(x, frame.origin.x);
  const top = edge(y, frame.origin.y);
  return { left, top, width: edge(x + 1, frame.origin.x) - left, height: edge(y + 1, frame.origin.y) - top };
}

/** A tile of one of the versions of its level, or null. */
function tileAt(tiles, level, versions, { z, x, y }) {
  const version = versions.find((one) => tiles.drawn(tiles.keyOf(level, one, z, x, y)));
  return version === undefined ? null : { tile: tiles.drawn(tiles.keyOf(level, version, z, x, y)), z, x, y };
}

/** The tile itself, or what stands for it while it is on its way: itself before its boundaries changed, the part of one
    further out. */
function standIn(tiles, level, version, want) {
  tiles.get(want.key);
  const versions = tiles.versionsOf(level, version);
  for (let up = 0; up <= UP && want.z - up >= 0; up += 1) {
    const found = tileAt(tiles, level, versions, { z: want.z - up, x: want.x >> up, y: want.y >> up });
    if (found) {
      return found;
    }
  }
  return null;
}

/** What to draw for a wanted tile: itself or a stand-in; failing that, the four below it, as after zooming out. */
function pieces(tiles, level, version, want) {
  const source = standIn(tiles, level, version, want);
  if (source) {
    return [{ ...want, source }];
  }
  return [0, 1, 2, 3].map((n) => {
    const [z, x, y] = [want.z + 1, want.x * 2 + (n % 2), want.y * 2 + (n >> 1)];
    return { z, x, y, source: tileAt(tiles, level, tiles.versionsOf(level, version), { z, x, y }) };
  });
}

/** Calls draw(tile, k, place) for each tile, clipped and in tile units; k turns device pixels into them. */
function each(pen, frame, drawn, draw) {
  drawn.forEach((piece) => {
    if (!piece.source) {
      return;
    }
    const cut = place(frame, piece.z, piece.x, piece.y);
    const at = piece.source.z === piece.z ? cut : place(frame, piece.source.z, piece.source.x, piece.source.y);
    const { tile } = piece.source;
    pen.save();
    pen.beginPath();
    pen.rect(cut.left, cut.top, cut.width, cut.height);
    pen.clip();
    pen.setTransform(at.width / tile.extent, 0, 0, at.height / tile.extent, at.left, at.top);
    draw(tile, tile.extent / at.width, { cut, at });
    pen.restore();
  });
}

/** Paths of each tier gathered, so that a tile is filled in few strokes. Kept until tiers change.

    One path without seams where it can be; a path of thousands is slower to fill than handfuls of neighbours. */
function batch(tile, turn, tierOf) {
  if (tile.tiers && tile.tiers.turn === turn) {
    return tile.tiers;
  }
  const most = tile.features.length > MANY ? HANDFUL : Infinity;
  const made = (tile.tiers = { turn, fill: {}, line: {} });
  const room = {};
  tile.features.forEach(({ code, path, line }) => {
    const tier = tierOf(code);
    if (!tier) {
      return;
    }
    if (!made.fill[tier]) {
      made.fill[tier] = [];
      made.line[tier] = new Path2D();
      room[tier] = 0;
    }
    if (!room[tier]) {
      made.fill[tier].push(new Path2D());
      room[tier] = most;
    }
    made.fill[tier][made.fill[tier].length - 1].addPath(path);
    room[tier] -= 1;
    if (tier !== 'normal') {
      made.line[tier].addPath(line);
    }
  });
  return made;
}

/** Every outline of a tile as one path, whatever the tiers. */
function outlines(tile) {
  if (!tile.outlines) {
    tile.outlines = new Path2D();
    tile.features.forEach(({ line }) => tile.outlines.addPath(line));
  }
  return tile.outlines;
}

/** The feature of a tile under a point in tile units. */
function hit(tile, x, y) {
  return (
    tile.features.find(
      ({ box, path }) =>
        x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3] && tips.isPointInPath(path, x, y, 'evenodd'),
    ) || null
  );
}

gridboard.map.brush = { place, standIn, pieces, each, batch, outlines, hit };
