import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  meanWidth,
  placeTile,
  project,
  tileAt,
  tilesOver,
  tileZoom,
  unproject,
} from '../../dashboard/assets/app/map/tile_math.mjs';

test('the middle of the world is the middle of its pixels, and back', () => {
  assert.deepEqual(project(0, 0, 1), [256, 256]);
  const [lon, lat] = unproject(...project(100.797, 22.009, 9.3), 9.3);
  assert.ok(Math.abs(lon - 100.797) < 1e-9 && Math.abs(lat - 22.009) < 1e-9);
});

test('tiles are those of the whole zoom two further out', () => {
  assert.equal(tileZoom(9.3), 7);
  assert.equal(tileZoom(0.2), 0);
  const tiles = tilesOver({ min: { x: 0, y: 0 }, max: { x: 2047, y: 1023 } }, 4);
  assert.deepEqual(tiles, [
    { z: 2, x: 0, y: 0 },
    { z: 2, x: 1, y: 0 },
  ]);
});

test('tiles end at the edge of the world', () => {
  const tiles = tilesOver({ min: { x: -900, y: -900 }, max: { x: 9000, y: 9000 } }, 1);
  assert.deepEqual(tiles, [{ z: 0, x: 0, y: 0 }]);
});

test('neighbouring tiles meet without a seam at every zoom', () => {
  const frame = { zoom: 9.37, origin: { x: 51234.3, y: 28111.9 }, ratio: 1.5 };
  const [one, next] = [placeTile(frame, { z: 8, x: 199, y: 111 }), placeTile(frame, { z: 8, x: 200, y: 111 })];
  assert.equal(one.left + one.width, next.left);
});

test('a place is in one tile, and somewhere in it', () => {
  const at = tileAt(100.797, 22.009, 8);
  assert.ok(at.u >= 0 && at.u < 1 && at.v >= 0 && at.v < 1);
  const [x, y] = project(100.797, 22.009, 8);
  assert.ok(Math.abs((at.x + at.u) * 256 - x) < 1e-6 && Math.abs((at.y + at.v) * 256 - y) < 1e-6);
});

test('four times as many polygons are half as wide', () => {
  const box = [99.9, 21.1, 101.8, 22.6];
  assert.ok(Math.abs(meanWidth(box, 100, 8) / meanWidth(box, 400, 8) - 2) < 1e-9);
});
