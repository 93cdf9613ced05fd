/* What automation and assistive technology may ask of the map; page coordinates, CSS pixels. */

const MESH = 25;
const FURNITURE = '.map-tools, .map-legend, .chooser';

export class MapAutomation {
  #map;
  #leaflet;

  constructor(map) {
    this.#map = map;
    this.#leaflet = map.leaflet;
  }

  tierOf(code) {
    return this.#map.index.tierOf(code);
  }

  /** A point inside the area and inside the visible map, where a click means the area; its label point if that is
      such a one. */
  pixelOf(code) {
    const { scene, ground, index } = this.#map;
    const frame = scene ? this.#map.frame('ground') : null;
    const outline = frame && ground.outlineOf(code, frame);
    if (!outline) {
      return null;
    }
    const [left, top, right, bottom] = outline.box;
    const corners = [
      { x: left, y: top },
      { x: right, y: bottom },
    ].map((corner) => this.#map.toPoint(corner, frame));
    const { lon, lat } = index.get(code) ?? {};
    const middle = corners[0].add(corners[1]).divideBy(2);
    const label = lon === undefined ? middle : this.#leaflet.latLngToContainerPoint([lat, lon]);
    const points = [label, ...this.#meshOver(corners, label)].filter((point) => this.#isInView(point));
    const inside = points.filter((point) => outline.holds(this.#leaflet.containerPointToLatLng(point)));
    const found = inside.find((point) => this.#isFree(point)) || inside[0];
    return found ? this.#onPage(found) : null;
  }

  areaAt(x, y) {
    const { left, top, width, height } = this.#room;
    const point = window.L.point(x - window.scrollX - left, y - window.scrollY - top);
    const outside = point.x < 0 || point.y < 0 || point.x > width || point.y > height;
    return outside ? null : this.#map.ground.areaAt(this.#leaflet.containerPointToLatLng(point));
  }

  /** Number of case markers loaded. */
  markers() {
    return this.#map.layers.topDown.reduce((sum, layer) => sum + (layer.size ?? 0), 0);
  }

  markerPixel(caseNo) {
    const found = this.#map.layers.collect('markerPixel', caseNo).find(Boolean);
    return found ? this.#onPage(found) : null;
  }

  get #room() {
    return this.#leaflet.getContainer().getBoundingClientRect();
  }

  #onPage({ x, y }) {
    const { left, top } = this.#room;
    return { x: left + window.scrollX + x, y: top + window.scrollY + y };
  }

  #isInView({ x, y }) {
    const size = this.#leaflet.getSize();
    return x > 0 && y > 0 && x < size.x && y < size.y;
  }

  /** Nothing else would take a click there: no marker, no tool, nothing that lies over the map. */
  #isFree(point) {
    const { left, top } = this.#room;
    const over = document.elementFromPoint(left + point.x, top + point.y);
    const onMap = this.#leaflet.getContainer().contains(over) && !over.closest(FURNITURE);
    return onMap && !this.#map.layers.hits(point).some(({ layer }) => layer.click);
  }

  /** Points over a box in view, those nearest to `first` first. */
  #meshOver([from, to], first) {
    const size = this.#leaflet.getSize();
    const clamp = (n, most) => Math.max(1, Math.min(most - 1, n));
    const [x0, x1] = [from.x, to.x].map((x) => clamp(x, size.x));
    const [y0, y1] = [from.y, to.y].map((y) => clamp(y, size.y));
    const points = [];
    for (let row = 1; row < MESH; row += 1) {
      for (let column = 1; column < MESH; column += 1) {
        points.push(window.L.point(x0 + ((x1 - x0) * column) / MESH, y0 + ((y1 - y0) * row) / MESH));
      }
    }
    return points.sort((a, b) => a.distanceTo(first) - b.distanceTo(first));
  }
}
