/* A street map under everything, when the settings name one. One in GCJ-02 is shifted under our WGS84 view. */
import { gridboard } from '../core/gridboard.mjs';

const map = gridboard.map;
const A = 6378245;
const EE = 0.006693421622965943;

function wave(x, _y) {
  return 20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI);
}

function north(x, y) {
  return (
    -100 +
    2 * x +
    3 * y +
    0.2 * y * y +
    0.1 * x * y +
    0.2 * Math.sqrt(Math.abs(x)) +
    ((wave(x) +
      20 * Math.sin(y * Math.PI) +
      40 * Math.sin((y / 3) * Math.PI) +
      160 * Math.sin((y / 12) * Math.PI) +
      320 * Math.sin((y * Math.PI) / 30)) *
      2) /
      3
  );
}

function east(x, y) {
  return (
    300 +
    x +
    2 * y +
    0.1 * x * x +
    0.1 * x * y +
    0.1 * Math.sqrt(Math.abs(x)) +
    ((wave(x) +
      20 * Math.sin(x * Math.PI) +
      40 * Math.sin((x / 3) * Math.PI) +
      150 * Math.sin((x / 12) * Math.PI) +
      300 * Math.sin((x / 30) * Math.PI)) *
      2) /
      3
  );
}

/** WGS84 to GCJ-02; the same place outside China. */
function toGcj({ lat, lng }) {
  if (lng < 72.004 || lng > 137.8347 || lat < 0.8293 || lat > 55.8271) {
    return window.L.latLng(lat, lng);
  }
  const angle = (lat / 180) * Math.PI;
  const magic = 1 - EE * Math.sin(angle) ** 2;
  const [x, y] = [lng - 105, lat - 35];
  const dLat = (north(x, y) * 180) / (((A * (1 - EE)) / (magic * Math.sqrt(magic))) * Math.PI);
  const dLng = (east(x, y) * 180) / ((A / Math.sqrt(magic)) * Math.cos(angle) * Math.PI);
  return window.L.latLng(lat + dLat, lng + dLng);
}

map.toGcj = toGcj;
map.street = function street(stage) {
  const { tile_url: url, tile_crs: crs, tile_max_zoom: top, tile_attribution: credit } = stage.config.map;
  if (!url) {
    return;
  }
  const base = window.L.TileLayer.prototype;
  const Shifted = window.L.TileLayer.extend(
    crs !== 'gcj02'
      ? {}
      : {
          _getTiledPixelBounds(centre) {
            return base._getTiledPixelBounds.call(this, toGcj(centre));
          },
          _setZoomTransform(level, centre, zoom) {
            base._setZoomTransform.call(this, level, toGcj(centre), zoom);
          },
        },
  );
  new Shifted(url, { maxNativeZoom: top || 18, maxZoom: 18, className: 'map-street', crossOrigin: null }).addTo(
    stage.leaflet,
  );
  if (credit) {
    stage.leaflet.getContainer().append(gridboard.ui.make('div', 'map-credit', credit));
  }
};
