/* A body or a key place that was searched: the address holds where it is (`at`), the map goes there and pins it. */
import { bus } from '../core/bus.mjs';
import { make } from '../core/dom.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';

const CLOSE_UP = 15;
const PIN_PX = 24;

/** [lon, lat] of "100.79710,21.99910"; null for anything else. */
export function parsePoint(words) {
  const [lon, lat, ...more] = words.split(',').map((part) => (part.trim() ? Number(part) : Number.NaN));
  return !more.length && Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : null;
}

export const pointWords = (lon, lat) => `${lon.toFixed(5)},${lat.toFixed(5)}`;

function pinOf(title) {
  const { L } = window;
  const pin = make('div');
  pin.append(make('span', 'found-pin-dot'), ...(title ? [make('span', 'found-pin-name', title)] : []));
  return L.divIcon({
    className: 'found-pin',
    html: pin,
    iconSize: [PIN_PX, PIN_PX],
    iconAnchor: [PIN_PX / 2, PIN_PX / 2],
  });
}

export class FoundPlace extends Part {
  #page;
  #titles = new Map();
  #shown = null;

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    store.watch('at', () => this.#show(), signal);
    bus.on('painted', () => this.#show(), signal);
    const gone = () => {
      this.#shown = null;
    };
    bus.on('map-gone', gone, signal);
  }

  open({ title, code, within, lon, lat }) {
    const at = pointWords(lon, lat);
    this.#titles.set(at, title);
    // the same again: it may have been left meanwhile
    this.#remove();
    this.#page.address.openPoint(at, { code, within });
    this.#show();
  }

  #remove() {
    this.#shown?.marker.remove();
    this.#shown = null;
  }

  /** Once the map has come to the area of the address. */
  #show() {
    const { at, area } = store.state;
    const { map } = this.#page;
    if (this.#shown?.at !== at) {
      this.#remove();
    }
    const point = parsePoint(at);
    if (this.#shown || !point || !map?.scene || map.scene.code !== (area || map.config.root)) {
      return;
    }
    const latlng = [point[1], point[0]];
    const options = { icon: pinOf(this.#titles.get(at)), interactive: false, keyboard: false };
    this.#shown = { at, marker: window.L.marker(latlng, options).addTo(map.leaflet) };
    map.view.goTo(latlng, Math.max(CLOSE_UP, map.zoom));
  }
}
