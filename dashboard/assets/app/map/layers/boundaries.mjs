/* Boundaries: the finest level that can be seen, coloured by tier; the children's outlines; the area itself; the rest
   faded. */
import { AreaNames } from '../area_names.mjs';
import { MapLayer } from '../map_layer.mjs';
import { eachTile, featureOf, outlines, tierPaths } from '../tile_drawing.mjs';
import { placeTile } from '../tile_math.mjs';

const TIERS = ['normal', 'watch', 'key'];
// polygons that are smaller on average have no room for outlines, hatching and dashes, letters, names
const HAIR_PX = 7;
const HATCH_PX = 9;
const DASH_PX = 16;
const LETTER_PX = 8;
const NAME_PX = 6;

/** Diagonals as a pattern of `step` device pixels. */
function hatchPattern(pen, { step, colour, width }) {
  const canvas = document.createElement('canvas');
  canvas.width = step;
  canvas.height = step;
  const ink = canvas.getContext('2d');
  ink.strokeStyle = colour;
  ink.lineWidth = width;
  ink.beginPath();
  for (const from of [-step, 0, step]) {
    ink.moveTo(from - 1, step + 1);
    ink.lineTo(from + step + 1, -1);
  }
  ink.stroke();
  return pen.createPattern(canvas, 'repeat');
}

/** How large each area stands on the screen: device pixels squared of the pieces in view, by code. */
function sizesOf(pieces, frame) {
  const sizes = new Map();
  const sources = new Map(pieces.map(({ source }) => [source.tile, source]));
  for (const [tile, source] of sources) {
    const k = placeTile(frame, source).width / tile.extent;
    for (const { code, size } of tile.features) {
      sizes.set(code, (sizes.get(code) || 0) + size * k * k);
    }
  }
  return sizes;
}

export default class Boundaries extends MapLayer {
  #hatch = null;

  get legendTitle() {
    const level = this.map.config.levels.find(({ code }) => code === this.map.ground.areaLevel?.level);
    return level ? `${super.legendTitle} · ${level.name}` : super.legendTitle;
  }

  /** Polygons of each tier, of the level that is filled, inside the area. */
  counts() {
    const found = { key: 0, watch: 0, normal: 0 };
    for (const code of this.map.ground.areaLevel?.child.keys() ?? []) {
      const tier = this.map.index.tierOf(code);
      if (tier) {
        found[tier] += 1;
      }
    }
    return found;
  }

  /** The ground of the areas; rivers run over it, colours over both. */
  drawLand(pen, frame) {
    if (this.map.config.map.tile_url) {
      return;
    }
    pen.fillStyle = this.style.land;
    eachTile(pen, frame, this.map.ground.pieces.own, (tile) => {
      tile.features.forEach(({ path }) => pen.fill(path));
    });
  }

  drawFill(pen, frame) {
    const { ground, index } = this.map;
    const size = ground.meanSize(frame);
    eachTile(pen, frame, ground.pieces.fill, (tile, k, place) => {
      const { fill, line } = tierPaths(tile, index);
      this.#fillTiers(pen, fill);
      if (size > HAIR_PX) {
        this.#strokeTiers(pen, { all: outlines(tile), line, px: k * frame.scale * this.style.width, size });
      }
      if (fill.key && this.shows('key') && size > HATCH_PX) {
        this.#hatchKey(pen, frame, { paths: fill.key, k, place });
      }
    });
  }

  #fillTiers(pen, fill) {
    const { opacity, tier: colours } = this.style;
    for (const tier of TIERS.filter((one) => fill[one] && this.shows(one))) {
      pen.globalAlpha = opacity[tier];
      pen.fillStyle = colours[tier];
      fill[tier].forEach((path) => pen.fill(path));
    }
    pen.globalAlpha = 1;
  }

  /** Thin for all, dashed for watch, strong for key: the outline tells the tier where colour cannot. */
  #strokeTiers(pen, { all, line, px, size }) {
    const style = this.style;
    const children = this.map.ground.areaLevel === this.map.scene.child;
    const strong = Math.min(1, size / 26);
    pen.lineJoin = 'round';
    pen.lineWidth = (children ? 0.9 : 0.75) * px;
    pen.strokeStyle = children ? style.child_line : style.leaf_line;
    pen.stroke(all);
    if (line.watch && this.shows('watch')) {
      pen.strokeStyle = style.watch_line;
      pen.lineWidth = (0.6 + 0.7 * strong) * px;
      if (size > HATCH_PX) {
        pen.setLineDash(size > DASH_PX ? [4 * px, 3 * px] : [2 * px, 2 * px]);
      }
      pen.stroke(line.watch);
      pen.setLineDash([]);
    }
    if (line.key && this.shows('key')) {
      pen.strokeStyle = style.key_line;
      pen.lineWidth = (0.8 + strong) * px;
      pen.stroke(line.key);
    }
  }

  /** Diagonals, fixed to the ground: they neither swim while panning nor break at the edge of a tile. */
  #hatchKey(pen, frame, { paths, k, place }) {
    const step = Math.max(4, Math.round(7 * frame.scale));
    const key = `${step}:${this.map.theme}:${this.style.hatch}`;
    if (this.#hatch?.key !== key) {
      const width = Math.max(1, 1.15 * frame.scale);
      this.#hatch = { key, pattern: hatchPattern(pen, { step, colour: this.style.hatch, width }) };
    }
    const { pattern } = this.#hatch;
    const phase = (from) => -(from * frame.ratio) % step;
    const [x, y] = [phase(frame.origin.x) - place.left, phase(frame.origin.y) - place.top];
    pattern.setTransform(new DOMMatrix([k, 0, 0, k, x * k, y * k]));
    pen.fillStyle = pattern;
    paths.forEach((path) => pen.fill(path));
  }

  drawOver(pen, frame) {
    const { ground, scene } = this.map;
    if (ground.areaLevel !== scene.child) {
      pen.strokeStyle = this.style.child_line;
      eachTile(pen, frame, ground.pieces.child, (tile, k) => {
        pen.lineJoin = 'round';
        pen.lineWidth = 1.4 * k * frame.scale * this.style.width;
        pen.stroke(outlines(tile));
      });
    }
    this.#fadeOutside(pen, frame);
    this.#strokeArea(pen, frame, 9, this.style.area_halo);
    this.#strokeArea(pen, frame, 2.5, this.style.area_line);
  }

  #fadeOutside(pen, frame) {
    const { ground, scene } = this.map;
    pen.save();
    pen.globalAlpha = 1 - this.style.outside;
    pen.fillStyle = this.style.ground;
    eachTile(pen, frame, ground.pieces.own, (tile) => {
      const outside = new Path2D();
      outside.rect(-512, -512, tile.extent + 1024, tile.extent + 1024);
      const own = featureOf(tile, scene.code);
      if (own) {
        own.fillInto(outside);
      }
      pen.fill(outside, 'evenodd');
    });
    pen.restore();
  }

  #strokeArea(pen, frame, width, colour) {
    const { ground, scene } = this.map;
    eachTile(pen, frame, ground.pieces.own, (tile, k) => {
      const own = featureOf(tile, scene.code);
      if (own) {
        pen.lineJoin = 'round';
        pen.lineCap = 'round';
        pen.strokeStyle = colour;
        pen.lineWidth = width * k * frame.scale * this.style.width;
        pen.stroke(own.line);
      }
    });
  }

  drawNames(pen, frame) {
    const { map, style } = this;
    const { ground, scene } = map;
    if (ground.meanSize(frame, scene.child) > NAME_PX) {
      new AreaNames({ map, style, pen, frame, sizes: sizesOf(ground.pieces.child, frame) }).drawNames();
    }
    if (ground.areaLevel !== scene.child && ground.meanSize(frame) > LETTER_PX) {
      const sizes = sizesOf(ground.pieces.fill, frame);
      new AreaNames({ map, style, pen, frame, sizes }).drawLetters((tier) => this.shows(tier));
    }
  }

  drawHover(pen, frame) {
    const { ground, index, hovered } = this.map;
    const area = hovered && index.get(hovered);
    if (!area) {
      return;
    }
    const { tier: colours, accent } = this.style;
    eachTile(pen, frame, ground.piecesOf(hovered), (tile, k) => {
      const feature = featureOf(tile, hovered);
      if (feature) {
        pen.globalAlpha = 0.15;
        pen.fillStyle = colours[index.tierOf(hovered)] || accent;
        pen.fill(feature.path);
        pen.globalAlpha = 1;
        pen.lineJoin = 'round';
        pen.lineCap = 'round';
        pen.strokeStyle = accent;
        pen.lineWidth = 2 * k * frame.scale;
        pen.stroke(feature.line);
      }
    });
  }
}
