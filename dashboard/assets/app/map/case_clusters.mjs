/* Where the markers of cases stand: near ones together, those at one point around it. Pure: no canvas, no map. */
import Supercluster from 'supercluster';

export const SEVERITIES = ['grave', 'major', 'minor'];
const SUMMED = ['n', ...SEVERITIES, 'waiting', 'late'];
const TOP_ZOOM = 16;
const WORLD = [-180, -85, 180, 85];
/** So many at one point are spread around it; more stay together. */
export const MOST_SPREAD = 24;
/** So few stand alone at every zoom. */
export const FEW = 12;

const countsOf = ({ severity, waiting, late, key }) => ({
  n: 1,
  ...Object.fromEntries(SEVERITIES.map((name) => [name, Number(severity === name)])),
  waiting: Number(waiting),
  late: Number(late),
  keys: [key],
});

function addTo(sum, one) {
  for (const name of SUMMED) {
    sum[name] += one[name];
  }
  sum.keys = sum.keys.concat(one.keys);
}

export class CaseClusters {
  #index;
  #total;
  #counts;

  /** Points: key, lon, lat, severity, waiting, late. `radius` in pixels of the map. */
  constructor(points, radius) {
    const options = { radius, extent: 256, maxZoom: TOP_ZOOM, minPoints: 2, map: countsOf, reduce: addTo };
    const features = points.map((point) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [point.lon, point.lat] },
      properties: point,
    }));
    this.#index = new Supercluster(options).load(features);
    this.#total = points.length;
    this.#counts = new Map(points.map((point) => [point.key, countsOf(point)]));
  }

  /** What stands at a zoom: {lon, lat, key} of a case, or {lon, lat, id, sum} of several. */
  at(zoom) {
    const found = this.#index.getClusters(WORLD, this.#total <= FEW ? TOP_ZOOM + 1 : Math.round(zoom));
    return found.map(({ id, geometry, properties }) => {
      const [lon, lat] = geometry.coordinates;
      return properties.cluster ? { lon, lat, id, sum: properties } : { lon, lat, key: properties.key };
    });
  }

  /** The sum of some of its cases. */
  sumOf(keys) {
    const [first, ...others] = keys.map((key) => this.#counts.get(key)).filter(Boolean);
    const sum = { ...first };
    others.forEach((one) => addTo(sum, one));
    return sum;
  }

  /** The zoom at which a cluster comes apart. */
  expansionZoom(id) {
    return Math.min(TOP_ZOOM + 1, this.#index.getClusterExpansionZoom(id));
  }

  /** Whether cases at one point are spread around it at a zoom. */
  spreadsAt(zoom) {
    return zoom >= TOP_ZOOM - 1 || this.#total <= FEW;
  }
}

/** Moves cases at one and the same point (spots with a `key`, x, y in pixels) around it, so that each can be taken. Too
    many for that become one spot with the `sum` of their keys. */
export function spreadApart(spots, scale, sumOf) {
  const groups = new Map();
  const near = (px) => Math.round(px / (6 * scale));
  for (const spot of spots.filter(({ key }) => key)) {
    const place = `${near(spot.x)}:${near(spot.y)}`;
    groups.set(place, [...(groups.get(place) || []), spot]);
  }
  const crowds = [...groups.values()].filter(({ length }) => length > MOST_SPREAD);
  for (const group of [...groups.values()].filter(({ length }) => length > 1 && length <= MOST_SPREAD)) {
    const r = Math.max(15, group.length * 4.2) * scale;
    group.forEach((spot, n) => {
      const angle = (n / group.length) * 2 * Math.PI;
      spot.x += r * Math.cos(angle);
      spot.y += r * Math.sin(angle);
    });
  }
  const crowded = new Set(crowds.flat());
  const together = crowds.map((group) => {
    const [{ lon, lat, x, y }] = group;
    return { lon, lat, x, y, sum: sumOf(group.map(({ key }) => key)) };
  });
  return [...spots.filter((spot) => !crowded.has(spot)), ...together];
}
