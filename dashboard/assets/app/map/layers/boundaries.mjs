/* Boundaries: the finest level that can be seen, coloured by tier; the children's outlines; the area itself; the rest faded. */
import { gridboard } from '../../core/gridboard.mjs';

// Polygons that are smaller on average have no room for outlines, hatching and dashes, letters, names.
const HAIR_PX = 7;
const HATCH_PX = 9;
const LETTER_PX = 8;
const NAME_PX = 6;

function make(stage) {
  const { brush } = gridboard.map;
  const { tiles, areas } = stage;
  const drawn = { fill: [], child: [], own: [] };
  let rung = null;
  let hatch = null;

  const style = () => stage.style('boundaries');

  /** Asks for every tile of the view; true once all of them are there. */
  function want(frame) {
    rung = stage.fillRung();
    const bounds = {
      min: frame.origin,
      max: { x: frame.origin.x + frame.width / frame.ratio, y: frame.origin.y + frame.height / frame.ratio },
    };
    const { own, child } = stage.scene;
    const rungs = { fill: rung, child, own };
    const wanted = [];
    Object.entries(rungs).forEach(([name, one]) => {
      tiles.follow(one.level, one.version);
      const cover = stage.cover(bounds, one);
      drawn[name] = cover.flatMap((piece) => brush.pieces(tiles, one.level, one.version, piece));
      cover.forEach((piece) => wanted.push([piece.key, one.level]));
    });
    tiles.want([...wanted, ...stage.ahead]);
    return wanted.every(([key]) => tiles.peek(key));
  }

  const tierOf = (code) => areas.tierOf(code);
  const batched = (tile) => brush.batch(tile, areas.turn, tierOf);
  const visible = (tier) => !stage.hidden.has(`boundaries:${tier}`);

  /** The ground of the areas; rivers run over it, colours over both. */
  function land(pen, frame) {
    if (stage.config.map.tile_url) {
      return;
    }
    pen.fillStyle = style().land;
    brush.each(pen, frame, drawn.own, (tile) => tile.features.forEach(({ path }) => pen.fill(path)));
  }

  /** Diagonals, fixed to the ground: they neither swim while panning nor break at the edge of a tile. */
  function hatching(pen, frame) {
    const step = Math.max(4, Math.round(7 * frame.scale));
    const key = `${step}:${gridboard.theme()}`;
    if (!hatch || hatch.key !== key) {
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = step;
      const ink = canvas.getContext('2d');
      ink.strokeStyle = style().hatch;
      ink.lineWidth = Math.max(1, 1.15 * frame.scale);
      ink.beginPath();
      [-step, 0, step].forEach((from) => {
        ink.moveTo(from - 1, step + 1);
        ink.lineTo(from + step + 1, -1);
      });
      ink.stroke();
      hatch = { key, step, pattern: pen.createPattern(canvas, 'repeat') };
    }
    return hatch;
  }

  function fill(pen, frame) {
    const ink = style();
    const size = meanSize(frame);
    const { pattern, step } = hatching(pen, frame);
    const phase = [-(frame.origin.x * frame.ratio) % step, -(frame.origin.y * frame.ratio) % step];
    brush.each(pen, frame, drawn.fill, (tile, k, { at }) => {
      const { fill: paths, line } = batched(tile);
      ['normal', 'watch', 'key']
        .filter((tier) => paths[tier] && visible(tier))
        .forEach((tier) => {
          pen.globalAlpha = ink.opacity[tier];
          pen.fillStyle = ink.tier[tier];
          paths[tier].forEach((path) => pen.fill(path));
        });
      pen.globalAlpha = 1;
      if (size > HAIR_PX) {
        lines(pen, { all: brush.outlines(tile), line, px: k * frame.scale, size });
      }
      if (paths.key && visible('key') && size > HATCH_PX) {
        pattern.setTransform(new DOMMatrix([k, 0, 0, k, (phase[0] - at.left) * k, (phase[1] - at.top) * k]));
        pen.fillStyle = pattern;
        paths.key.forEach((path) => pen.fill(path));
      }
    });
  }

  /** Thin for all, dashed for watch, strong for key: the outline tells the tier where colour cannot. */
  function lines(pen, { all, line, px, size }) {
    const ink = style();
    const children = rung === stage.scene.child;
    pen.lineJoin = 'round';
    pen.lineWidth = (children ? 0.9 : 0.75) * px;
    pen.strokeStyle = children ? ink.child_line : ink.leaf_line;
    pen.stroke(all);
    const strong = Math.min(1, size / 26);
    if (line.watch && visible('watch')) {
      pen.strokeStyle = ink.watch_line;
      pen.lineWidth = (0.6 + 0.7 * strong) * px;
      if (size > HATCH_PX) {
        pen.setLineDash(size > 16 ? [4 * px, 3 * px] : [2 * px, 2 * px]);
      }
      pen.stroke(line.watch);
      pen.setLineDash([]);
    }
    if (line.key && visible('key')) {
      pen.strokeStyle = ink.key_line;
      pen.lineWidth = (0.8 + strong) * px;
      pen.stroke(line.key);
    }
  }

  /** Mean width of a filled polygon in CSS pixels of an ordinary screen. */
  function meanSize(frame, { n } = rung) {
    const [west, south, east, north] = stage.scene.facts.bbox;
    const [x0, y0] = frame.at(west, north);
    const [x1, y1] = frame.at(east, south);
    return Math.sqrt((Math.abs((x1 - x0) * (y1 - y0)) * 0.6) / n) / frame.scale;
  }

  function over(pen, frame) {
    const ink = style();
    if (rung !== stage.scene.child) {
      brush.each(pen, frame, drawn.child, (tile, k) => {
        pen.lineJoin = 'round';
        pen.strokeStyle = ink.child_line;
        pen.lineWidth = 1.4 * k * frame.scale;
        pen.stroke(brush.outlines(tile));
      });
    }
    fade(pen, frame);
    outline(pen, frame);
  }

  const ownPath = (tile) => tile.features.find((feature) => feature.code === stage.scene.code);

  function fade(pen, frame) {
    const ink = style();
    pen.save();
    pen.globalAlpha = 1 - ink.outside;
    pen.fillStyle = ink.ground;
    brush.each(pen, frame, drawn.own, (tile) => {
      const own = ownPath(tile);
      const path = new Path2D();
      path.rect(-512, -512, tile.extent + 1024, tile.extent + 1024);
      if (own) {
        path.addPath(own.path);
      }
      pen.fill(path, 'evenodd');
    });
    pen.restore();
  }

  function outline(pen, frame) {
    const ink = style();
    [
      [9, ink.area_halo],
      [2.5, ink.area_line],
    ].forEach(([width, colour]) => {
      brush.each(pen, frame, drawn.own, (tile, k) => {
        const own = ownPath(tile);
        if (!own) {
          return;
        }
        pen.lineJoin = 'round';
        pen.strokeStyle = colour;
        pen.lineWidth = width * k * frame.scale;
        pen.stroke(own.line);
      });
    });
  }

  function names(pen, frame) {
    if (meanSize(frame, stage.scene.child) > NAME_PX) {
      gridboard.map.drawNames({ pen, frame, stage, rung, ink: style(), sizes: sizesOf(drawn.child, frame) });
    }
    if (rung !== stage.scene.child && meanSize(frame) > LETTER_PX) {
      gridboard.map.drawLetters({ pen, frame, stage, rung, ink: style(), sizes: sizesOf(drawn.fill, frame), visible });
    }
  }

  /** How large each area stands on the screen: device pixels squared of the pieces in view. */
  function sizesOf(pieces, frame) {
    const sizes = new Map();
    const seen = new Set();
    pieces.forEach(({ source }) => {
      if (!source || seen.has(source.tile)) {
        return;
      }
      seen.add(source.tile);
      const k = brush.place(frame, source.z, source.x, source.y).width / source.tile.extent;
      source.tile.features.forEach(({ code, size }) => sizes.set(code, (sizes.get(code) || 0) + size * k * k));
    });
    return sizes;
  }

  /** The child of the area at a point, or a neighbour of the area outside it. */
  function codeAt(latlng) {
    if (!stage.scene) {
      return null;
    }
    const child = find(latlng, stage.scene.child);
    if (child && stage.scene.child.child.has(child)) {
      return child;
    }
    const own = find(latlng, stage.scene.own);
    return own === stage.scene.code ? (stage.scene.leaf ? own : null) : own;
  }

  function find(latlng, { level, version }) {
    const z = stage.tileZoom();
    const point = stage.leaflet.project(latlng, z).divideBy(256);
    const [x, y] = [Math.floor(point.x), Math.floor(point.y)];
    const source = brush.standIn(tiles, level, version, { z, x, y, key: tiles.keyOf(level, version, z, x, y) });
    if (!source) {
      return null;
    }
    const n = 2 ** (z - source.z);
    const found = brush.hit(
      source.tile,
      (point.x / n - source.x) * source.tile.extent,
      (point.y / n - source.y) * source.tile.extent,
    );
    return found ? found.code : null;
  }

  /** Where an area that is drawn stands on the sheet, and whether a point is inside; null for one that is not drawn. */
  function outlineOf(code, frame) {
    const { own, child } = stage.scene;
    const name =
      code === stage.scene.code ? 'own' : child.child.has(code) ? 'child' : rung?.child.has(code) ? 'fill' : null;
    if (!name) {
      return null;
    }
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    drawn[name].forEach(({ source }) => {
      const found = source?.tile.features.find((feature) => feature.code === code);
      if (!found) {
        return;
      }
      const at = brush.place(frame, source.z, source.x, source.y);
      const k = at.width / source.tile.extent;
      [Math.min, Math.min, Math.max, Math.max].forEach((pick, n) => {
        box[n] = pick(box[n], found.box[n] * k + (n % 2 ? at.top : at.left));
      });
    });
    const level = { own, child, fill: rung }[name];
    return { box, holds: (latlng) => find(latlng, level) === code };
  }

  function hover(pen, frame) {
    const code = stage.hovered;
    const known = code && areas.get(code);
    if (!known) {
      return;
    }
    const ink = style();
    const pieces = known.level === stage.scene.own.level && !stage.scene.leaf ? drawn.own : drawn.child;
    brush.each(pen, frame, pieces, (tile, k) => {
      const found = tile.features.find((feature) => feature.code === code);
      if (!found) {
        return;
      }
      pen.globalAlpha = 0.15;
      pen.fillStyle = known.tier ? ink.tier[known.tier] : ink.accent;
      pen.fill(found.path);
      pen.globalAlpha = 1;
      pen.lineJoin = 'round';
      pen.strokeStyle = ink.accent;
      pen.lineWidth = 2 * k * frame.scale;
      pen.stroke(found.line);
    });
  }

  /** For the legend: polygons of each tier, of the level that is filled, inside the area. */
  function counts() {
    const found = { key: 0, watch: 0, normal: 0 };
    if (rung) {
      rung.child.forEach((_, code) => {
        const tier = tierOf(code);
        if (tier) {
          found[tier] += 1;
        }
      });
    }
    return found;
  }

  return {
    want,
    land,
    fill,
    over,
    names,
    hover,
    codeAt,
    outlineOf,
    counts,
    childAt: (latlng) => find(latlng, stage.scene.child),
    rung: () => rung,
  };
}

gridboard.map.layer('boundaries', make);
