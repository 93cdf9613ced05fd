/* A street map under everything, when the settings name one. One in GCJ-02 is shifted under our WGS84 view. */
import { make } from '../core/dom.mjs';
import { toGcj02 } from './gcj02.mjs';

const TOP_ZOOM = 18;

function shiftedTiles() {
  const base = window.L.TileLayer.prototype;
  const shift = (centre) => window.L.latLng(toGcj02(centre));
  return window.L.TileLayer.extend({
    _getTiledPixelBounds(centre) {
      return base._getTiledPixelBounds.call(this, shift(centre));
    },
    _setZoomTransform(level, centre, zoom) {
      base._setZoomTransform.call(this, level, shift(centre), zoom);
    },
  });
}

export function addStreetMap({ leaflet, config }) {
  const { tile_url: url, tile_crs: crs, tile_max_zoom: top, tile_attribution: credit } = config.map;
  if (url) {
    const Tiles = crs === 'gcj02' ? shiftedTiles() : window.L.TileLayer;
    new Tiles(url, { maxNativeZoom: top || TOP_ZOOM, maxZoom: TOP_ZOOM, className: 'map-street' }).addTo(leaflet);
    if (credit) {
      leaflet.getContainer().append(make('div', 'map-credit', credit));
    }
  }
}
