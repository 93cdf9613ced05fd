/* What automation and assistive technology may ask of the map; page coordinates, CSS pixels. */
import { gridboard } from '../core/gridboard.mjs';

const { map } = gridboard;
const MESH = 25;

const part = (id) => map.stage?.layers.get(id)?.part;

function page(point) {
  const room = map.stage.leaflet.getContainer().getBoundingClientRect();
  return { x: room.left + window.scrollX + point.x, y: room.top + window.scrollY + point.y };
}

/** Nothing else would take a click there: no marker, no tool, nothing that lies over the map. */
function isFree(point) {
  const room = map.stage.leaflet.getContainer();
  const { left, top } = room.getBoundingClientRect();
  const over = document.elementFromPoint(left + point.x, top + point.y);
  const cases = map.stage.shown('cases') ? part('cases') : null;
  return Boolean(over && room.contains(over) && !over.closest('.map-tools, .map-legend')) && !cases?.hit(point);
}

/** Points over the box of an outline, CSS pixels of the map, those nearest to `first` first. */
function pointsOver([left, top, right, bottom], first) {
  const size = map.stage.leaflet.getSize();
  const [x0, y0, x1, y1] = [
    Math.max(1, left),
    Math.max(1, top),
    Math.min(size.x - 1, right),
    Math.min(size.y - 1, bottom),
  ];
  const found = [];
  for (let row = 1; row < MESH; row += 1) {
    for (let column = 1; column < MESH; column += 1) {
      found.push(window.L.point(x0 + ((x1 - x0) * column) / MESH, y0 + ((y1 - y0) * row) / MESH));
    }
  }
  return found.sort((a, b) => a.distanceTo(first) - b.distanceTo(first));
}

/** A point inside the area and inside the visible map, where a click means the area; its label point if that is such a one. */
function pixelOf(code) {
  const { stage } = map;
  const outline = stage?.scene && part('boundaries').outlineOf(code, stage.frameOf('ground'));
  if (!outline || !Number.isFinite(outline.box[0])) {
    return null;
  }
  const frame = stage.frameOf('ground');
  const [left, top, right, bottom] = outline.box;
  const [a, b] = [stage.toPoint({ x: left, y: top }, frame), stage.toPoint({ x: right, y: bottom }, frame)];
  const known = stage.areas.get(code);
  const label =
    known && known.lon !== undefined
      ? stage.leaflet.latLngToContainerPoint([known.lat, known.lon])
      : a.add(b).divideBy(2);
  const inside = [label, ...pointsOver([a.x, a.y, b.x, b.y], label)].filter(
    (point) => within(point) && outline.holds(stage.leaflet.containerPointToLatLng(point)),
  );
  const found = inside.find(isFree) || inside[0];
  return found ? page(found) : null;
}

function within({ x, y }) {
  const size = map.stage.leaflet.getSize();
  return x > 0 && y > 0 && x < size.x && y < size.y;
}

function areaAt(x, y) {
  if (!map.stage?.scene) {
    return null;
  }
  const room = map.stage.leaflet.getContainer().getBoundingClientRect();
  const point = window.L.point(x - window.scrollX - room.left, y - window.scrollY - room.top);
  if (point.x < 0 || point.y < 0 || point.x > room.width || point.y > room.height) {
    return null;
  }
  return part('boundaries').codeAt(map.stage.leaflet.containerPointToLatLng(point));
}

function markerPixel(caseNo) {
  const at = part('cases')?.where(caseNo);
  return at ? page(at) : null;
}

Object.assign(gridboard, {
  tierOf: (code) => (map.stage ? map.stage.areas.tierOf(code) : null),
  pixelOf,
  areaAt,
  markerPixel,
  markers: () => (part('cases') ? part('cases').size() : 0),
  fit: () => {
    if (map.stage) {
      map.stage.fit(true);
    }
  },
});
