/* The quiet ground: rivers, the lines of the country and its neighbours, names of places outside. */
import { gridboard } from '../../core/gridboard.mjs';

const map = gridboard.map;

function make(stage) {
  const base = { river: [], outline: [], place_name: [] };
  const style = () => stage.style('rivers');

  const linesOf = ({ type, coordinates }) =>
    (
      ({
        LineString: () => [coordinates],
        MultiLineString: () => coordinates,
        Polygon: () => coordinates,
        MultiPolygon: () => coordinates.flat(),
      })[type] || (() => [])
    )();

  async function read(kind) {
    try {
      const got = await gridboard.fetchJson(`/api/base/${kind}`);
      base[kind] = got.features.map(({ properties, geometry }) => ({
        ...properties,
        geometry,
        lines: linesOf(geometry),
      }));
      stage.repaint('ground');
    } catch (_failure) {
      /* a deployment without a base map */
    }
  }
  Object.keys(base).forEach(read);

  function trace(pen, frame, lines) {
    pen.beginPath();
    lines.forEach((line) => {
      let last = null;
      line.forEach(([lon, lat], n) => {
        const [x, y] = frame.at(lon, lat);
        if (!n) {
          pen.moveTo(x, y);
          last = [x, y];
          return;
        }
        if (Math.abs(x - last[0]) + Math.abs(y - last[1]) < frame.ratio && n < line.length - 1) {
          return;
        }
        pen.lineTo(x, y);
        last = [x, y];
      });
    });
  }

  function under(pen, frame) {
    pen.lineJoin = pen.lineCap = 'round';
    pen.strokeStyle = style().line;
    base.river.forEach((river) => {
      pen.lineWidth =
        Math.max(1, 4 - river.rank) * 0.9 * frame.scale * Math.min(2.2, Math.max(0.7, (frame.zoom - 6) / 4));
      trace(pen, frame, river.lines);
      pen.stroke();
    });
  }

  function fill(pen, frame) {
    pen.strokeStyle = style().outline;
    pen.lineWidth = frame.scale;
    base.outline.forEach((outline) => {
      pen.setLineDash(outline.rank > 1 ? [6 * frame.scale, 4 * frame.scale] : []);
      trace(pen, frame, outline.lines);
      pen.stroke();
    });
  }

  /** Places of the surroundings; inside, the areas have names of their own. */
  function names(pen, frame) {
    const size = 11 * frame.scale;
    pen.font = `500 ${size}px ${map.FONT}`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    base.place_name.forEach((place) => {
      const [lon, lat] = place.geometry.coordinates;
      const [x, y] = frame.at(lon, lat);
      if (x < 0 || y < 0 || x > frame.width || y > frame.height || place.rank > frame.zoom - 5) {
        return;
      }
      const words = place.names?.[stage.config.locale] || place.name;
      const half = pen.measureText(words).width / 2 + 6;
      const box = [x - half, y - size, x + half, y + size];
      if (!map.isFree(stage.boxes, box) || inside(lon, lat)) {
        return;
      }
      stage.boxes.push(box);
      map.writeOnMap(pen, words, {
        x,
        y,
        colour: style().place,
        halo: stage.style('boundaries').ground,
        width: 3 * frame.scale,
      });
    });
  }

  function inside(lon, lat) {
    const { part } = stage.layers.get('boundaries');
    const code = part.codeAt({ lat, lng: lon });
    return code !== null && code !== undefined;
  }

  return { under, fill, names, counts: () => ({ river: base.river.length }) };
}

map.layer('rivers', make);
