import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CaseClusters, MOST_SPREAD, spreadApart } from '../../dashboard/assets/app/map/case_clusters.mjs';

const points = (n, more = {}) =>
  Array.from({ length: n }, (_, at) => ({
    key: `c${at}`,
    lon: 100 + at / 1e5,
    lat: 22,
    severity: 'minor',
    waiting: false,
    late: false,
    ...more,
  }));

test('many near cases are one cluster that counts what is in it', () => {
  const cases = [...points(20), { ...points(1)[0], key: 'g', severity: 'grave', waiting: true, late: true }];
  const [cluster, ...others] = new CaseClusters(cases, 54).at(8);
  assert.equal(others.length, 0);
  const { n, grave, minor, waiting, late, keys } = cluster.sum;
  assert.deepEqual({ n, grave, minor, waiting, late }, { n: 21, grave: 1, minor: 20, waiting: 1, late: 1 });
  assert.equal(new Set(keys).size, 21);
});

test('a few stand alone at every zoom', () => {
  const spots = new CaseClusters(points(5), 54).at(6);
  assert.deepEqual(spots.map(({ key }) => key).sort(), ['c0', 'c1', 'c2', 'c3', 'c4']);
});

test('cases at one point are spread around it, others stay', () => {
  const spots = ['a', 'b', 'c'].map((key) => ({ key, x: 100, y: 100 }));
  const [far] = [{ key: 'd', x: 300, y: 300 }];
  spreadApart([...spots, far], 1);
  const distances = spots.map(({ x, y }) => Math.hypot(x - 100, y - 100));
  assert.ok(distances.every((px) => Math.abs(px - 15) < 1e-9));
  assert.equal(new Set(spots.map(({ x, y }) => `${Math.round(x)}:${Math.round(y)}`)).size, 3);
  assert.deepEqual([far.x, far.y], [300, 300]);
});

test('too many cases at one point stay together, with their sum', () => {
  const cases = Array.from({ length: MOST_SPREAD + 1 }, (_, at) => ({
    ...points(1, { severity: at ? 'minor' : 'grave' })[0],
    key: `c${at}`,
  }));
  const index = new CaseClusters(cases, 54);
  const spots = cases.map(({ key, lon, lat }) => ({ key, lon, lat, x: 100, y: 100 }));
  const [crowd, ...others] = spreadApart(spots, 1, (keys) => index.sumOf(keys));
  assert.deepEqual(others, []);
  assert.deepEqual([crowd.x, crowd.y, crowd.key], [100, 100, undefined]);
  const { n, grave, minor, keys } = crowd.sum;
  assert.deepEqual({ n, grave, minor, keys: keys.length }, { n: 25, grave: 1, minor: 24, keys: 25 });
});
