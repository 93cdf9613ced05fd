/* Web Mercator and its tiles: pure arithmetic. Zooms may be fractions; pixels are CSS pixels of the whole world at a
   zoom. */

const TILE_PX = 256;
const HIGHEST_LAT = 85.0511287798;

/** [x, y] of a place in pixels of the world at a zoom. */
export function project(lon, lat, zoom) {
  const size = TILE_PX * 2 ** zoom;
  const sin = Math.sin((Math.max(-HIGHEST_LAT, Math.min(HIGHEST_LAT, lat)) * Math.PI) / 180);
  return [size * (lon / 360 + 0.5), size * (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI))];
}

/** [lon, lat] of pixels of the world at a zoom. */
export function unproject(x, y, zoom) {
  const size = TILE_PX * 2 ** zoom;
  return [(x / size - 0.5) * 360, (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / size))) * 180) / Math.PI];
}

/** Whole-number zoom whose tiles are drawn at a zoom: two further out, so that a sixteenth as many are asked for. */
export const tileZoom = (zoom) => Math.max(0, Math.floor(zoom + 0.001) - 2);

/** The tiles of `tileZoom` over a piece of the world ({min, max} in pixels at `zoom`). */
export function tilesOver({ min, max }, zoom) {
  const z = tileZoom(zoom);
  const size = TILE_PX * 2 ** (zoom - z);
  const index = (px) => Math.max(0, Math.min(2 ** z - 1, Math.floor(px / size)));
  const tiles = [];
  for (let y = index(min.y); y <= index(max.y); y += 1) {
    for (let x = index(min.x); x <= index(max.x); x += 1) {
      tiles.push({ z, x, y });
    }
  }
  return tiles;
}

/** Where a tile stands on a canvas: whole device pixels, so that neighbours meet without a seam.
    `frame`: zoom, origin (pixels of the world), ratio (device pixels a pixel). */
export function placeTile({ zoom, origin, ratio }, { z, x, y }) {
  const size = TILE_PX * 2 ** (zoom - z);
  const edge = (n, from) => Math.round((n * size - from) * ratio);
  const [left, top] = [edge(x, origin.x), edge(y, origin.y)];
  return { left, top, width: edge(x + 1, origin.x) - left, height: edge(y + 1, origin.y) - top };
}

/** The tile of zoom z that holds a place, and where in it the place stands (0 to 1). */
export function tileAt(lon, lat, z) {
  const [px, py] = project(lon, lat, z);
  const [x, y] = [Math.floor(px / TILE_PX), Math.floor(py / TILE_PX)];
  return { z, x, y, u: px / TILE_PX - x, v: py / TILE_PX - y };
}

/** Mean width in pixels of `n` polygons that fill a bounding box ([west, south, east, north]) as areas do. */
export function meanWidth([west, south, east, north], n, zoom) {
  const [x0, y0] = project(west, north, zoom);
  const [x1, y1] = project(east, south, zoom);
  return Math.sqrt((Math.abs((x1 - x0) * (y1 - y0)) * 0.6) / n);
}
