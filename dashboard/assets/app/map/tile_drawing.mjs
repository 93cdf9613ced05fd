/* Drawing tiles on a canvas: each clipped to its place and in its own units; its features gathered by tier; what is
   under a point. */
import { placeTile } from './tile_math.mjs';

const MANY = 1500;
const HANDFUL = 24;
let pointer = null;

/** Calls draw(tile, k, place) for each piece, clipped and in tile units; k turns device pixels into them. */
export function eachTile(pen, frame, pieces, draw) {
  for (const piece of pieces) {
    const { tile } = piece.source;
    const cut = placeTile(frame, piece);
    const place = piece.source.z === piece.z ? cut : placeTile(frame, piece.source);
    pen.save();
    pen.beginPath();
    pen.rect(cut.left, cut.top, cut.width, cut.height);
    pen.clip();
    pen.setTransform(place.width / tile.extent, 0, 0, place.height / tile.extent, place.left, place.top);
    draw(tile, tile.extent / place.width, place);
    pen.restore();
  }
}

class TierPaths {
  #most;
  #room = {};
  fill = {};
  line = {};

  constructor(turn, most) {
    this.turn = turn;
    this.#most = most;
  }

  add(tier, shape) {
    if (!this.fill[tier]) {
      this.fill[tier] = [];
      this.line[tier] = new Path2D();
      this.#room[tier] = 0;
    }
    if (!this.#room[tier]) {
      this.fill[tier].push(new Path2D());
      this.#room[tier] = this.#most;
    }
    shape.fillInto(this.fill[tier].at(-1));
    this.#room[tier] -= 1;
    if (tier !== 'normal') {
      shape.strokeInto(this.line[tier]);
    }
  }
}

/** Paths of each tier gathered, so that a tile is filled in few strokes: {fill: tier -> list, line: tier -> path}.
    Kept until the tiers change. One path without seams where it can be; one of thousands is slower to fill than
    handfuls of neighbours. */
export function tierPaths(tile, index) {
  if (tile.tiers?.turn !== index.turn) {
    tile.tiers = new TierPaths(index.turn, tile.features.length > MANY ? HANDFUL : Infinity);
    for (const feature of tile.features) {
      const tier = index.tierOf(feature.code);
      if (tier) {
        tile.tiers.add(tier, feature);
      }
    }
  }
  return tile.tiers;
}

/** Every outline of a tile as one path, whatever the tiers. */
export function outlines(tile) {
  if (!tile.outlines) {
    tile.outlines = new Path2D();
    for (const shape of tile.features) {
      shape.strokeInto(tile.outlines);
    }
  }
  return tile.outlines;
}

export const featureOf = (tile, code) => tile.features.find((feature) => feature.code === code);

/** The feature of a tile under a point in tile units. */
export function featureAt(tile, x, y) {
  pointer ??= document.createElement('canvas').getContext('2d');
  const near = ({ box }) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3];
  return tile.features.find((one) => near(one) && pointer.isPointInPath(one.path, x, y, 'evenodd')) || null;
}
