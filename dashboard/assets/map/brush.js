/* Drawing one tile: where it stands in device pixels, what of it may be painted, and its features gathered by tier. */
(function () {
  'use strict';
  const gridboard = window.gridboard;
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

  /** The tile itself, or the part of one further out that stands for it while it is on its way. */
  function standIn(tiles, level, version, want) {
    const own = tiles.get(want.key);
    if (own) { return { tile: own, z: want.z, x: want.x, y: want.y }; }
    for (let up = 1; up <= UP && want.z - up >= 0; up += 1) {
      const [z, x, y] = [want.z - up, want.x >> up, want.y >> up];
      const tile = tiles.peek(tiles.keyOf(level, version, z, x, y));
      if (tile) { return { tile, z, x, y }; }
    }
    return null;
  }

  /** What to draw for a wanted tile: itself or a stand-in; failing that, the four below it, as after zooming out. */
  function pieces(tiles, level, version, want) {
    const source = standIn(tiles, level, version, want);
    if (source) { return [{ ...want, source }]; }
    return [0, 1, 2, 3].map((n) => {
      const [z, x, y] = [want.z + 1, want.x * 2 + n % 2, want.y * 2 + (n >> 1)];
      const tile = tiles.peek(tiles.keyOf(level, version, z, x, y));
      return { z, x, y, source: tile ? { tile, z, x, y } : null };
    });
  }

  /** Calls draw(tile, k, place) for each tile, clipped and in tile units; k turns device pixels into them. */
  function each(pen, frame, drawn, draw) {
    drawn.forEach((piece) => {
      if (!piece.source) { return; }
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
    if (tile.tiers && tile.tiers.turn === turn) { return tile.tiers; }
    const most = tile.features.length > MANY ? HANDFUL : Infinity;
    const made = tile.tiers = { turn, fill: {}, line: {} };
    const room = {};
    tile.features.forEach(({ code, path, line }) => {
      const tier = tierOf(code);
      if (!tier) { return; }
      if (!made.fill[tier]) { made.fill[tier] = []; made.line[tier] = new Path2D(); room[tier] = 0; }
      if (!room[tier]) { made.fill[tier].push(new Path2D()); room[tier] = most; }
      made.fill[tier][made.fill[tier].length - 1].addPath(path);
      room[tier] -= 1;
      if (tier !== 'normal') { made.line[tier].addPath(line); }
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
    return tile.features.find(({ box, path }) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3] && tips.isPointInPath(path, x, y, 'evenodd')) || null;
  }

  gridboard.map.brush = { place, standIn, pieces, each, batch, outlines, hit };
}());
