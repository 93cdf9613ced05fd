/* The view of the map: what fits, how it gets there, and whose choice it is. A view that somebody has chosen is
   theirs: only one that fits the area is fitted again when the room changes. */
import { debounced } from '../core/timers.mjs';
import { CANVAS_PADDING } from './canvas_layer.mjs';

const EDGE_PX = 18;
const WIDE_PX = 900;
const CLOSEST = 16;
const WHEEL_MS = 700;
const RESIZED_MS = 80;

const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)');

export class View {
  #map;
  #leaflet;
  #fitted = false;
  #wheeledAt = 0;
  #pressed = false;
  #resized;

  constructor(map) {
    this.#map = map;
    this.#leaflet = map.leaflet;
    this.#resized = new ResizeObserver(debounced(RESIZED_MS, () => this.#roomChanged()));
  }

  connect(signal) {
    const room = this.#leaflet.getContainer();
    const listen = (target, type, handle) => target.addEventListener(type, handle, { signal, passive: true });
    this.#leaflet.on('dragstart', () => this.release());
    listen(room, 'wheel', () => this.#wheeled());
    listen(room, 'touchstart', () => this.release());
    listen(room, 'pointerdown', () => this.#press(true));
    for (const type of ['pointerup', 'pointercancel']) {
      listen(window, type, () => this.#press(false));
    }
    this.#resized.observe(room);
    signal.addEventListener('abort', () => this.#resized.disconnect(), { once: true });
  }

  get animates() {
    return !reducedMotion.matches;
  }

  /** Somebody has the map in hand: then it does not move by itself. */
  get isInHand() {
    return this.#pressed || Date.now() - this.#wheeledAt < WHEEL_MS;
  }

  /** Whether the room for the legend can be kept free beside the area. */
  get isWide() {
    return this.#leaflet.getSize().x > WIDE_PX * this.#map.unit;
  }

  /** It is somebody's own view from now on. */
  release() {
    this.#fitted = false;
  }

  /** The whole area, at once: an animated picture of this size holds up the true one on a machine that draws without
      help. */
  fit() {
    if (this.#map.scene) {
      const { centre, zoom } = this.#fitting(this.#map.scene.facts.bbox);
      this.#leaflet.setView(centre, zoom, { animate: false });
      this.#fitted = true;
    }
  }

  zoomBy(step) {
    const zoom = this.#leaflet.getZoom() + step;
    this.release();
    this.#leaflet.setZoom(step > 0 ? Math.floor(zoom) : Math.ceil(zoom), { animate: this.animates });
  }

  goTo(latlng, zoom) {
    this.release();
    this.#leaflet.setView(latlng, zoom, { animate: this.animates });
  }

  bringIntoView(latlng) {
    if (!this.isInHand && !this.#leaflet.getBounds().pad(-0.04).contains(latlng)) {
      this.release();
      this.#leaflet.panTo(latlng, { animate: this.animates });
    }
  }

  /** Zoom, and the piece of the world in its pixels, that the canvas will cover once an area is fitted. */
  foreseen(bbox) {
    const { centre, zoom } = this.#fitting(bbox);
    const half = this.#leaflet.getSize().multiplyBy(0.5 + CANVAS_PADDING);
    const middle = this.#leaflet.project(centre, zoom);
    return { zoom, bounds: { min: middle.subtract(half), max: middle.add(half) } };
  }

  /** The zoom that shows a whole area in this room. */
  fitZoom(bbox) {
    return this.#fitting(bbox).zoom;
  }

  /** Whether two boxes would be shown by the same view, within two pixels. */
  sameFit(one, other) {
    const [a, b] = [this.#fitting(one), this.#fitting(other)];
    const far = this.#leaflet.project(a.centre, a.zoom).distanceTo(this.#leaflet.project(b.centre, a.zoom));
    return Math.abs(a.zoom - b.zoom) < 0.05 && far < 2;
  }

  /** Centre and zoom that show a box ([west, south, east, north]) in the room that is free. */
  #fitting([west, south, east, north]) {
    const [top, right, bottom, left] = this.#padding;
    const { L } = window;
    const bounds = L.latLngBounds([south, west], [north, east]);
    const taken = L.point(left + right, top + bottom);
    const zoom = Math.min(CLOSEST, this.#leaflet.getBoundsZoom(bounds, false, taken));
    const corners = [bounds.getSouthWest(), bounds.getNorthEast()].map((corner) => this.#leaflet.project(corner, zoom));
    const middle = corners[0]
      .add(corners[1])
      .divideBy(2)
      .add(L.point(right - left, bottom - top).divideBy(2));
    return { centre: this.#leaflet.unproject(middle, zoom), zoom };
  }

  /** CSS pixels to leave free: what the page asks for, an edge, the legend where it stands beside the area. */
  get #padding() {
    const edge = EDGE_PX * this.#map.unit;
    const legend = document.getElementById('legend');
    const beside = legend && !legend.hidden && this.isWide ? legend.offsetWidth : 0;
    const room = [edge, edge + (beside ? edge : 0), edge, edge + beside];
    return room.map((px, n) => px + this.#map.padding[n]);
  }

  #wheeled() {
    this.#wheeledAt = Date.now();
    this.release();
  }

  #press(down) {
    this.#pressed = down;
  }

  #roomChanged() {
    this.#leaflet.invalidateSize({ animate: false, pan: true });
    if (this.#fitted) {
      this.fit();
    }
    this.#map.repaint();
  }
}
