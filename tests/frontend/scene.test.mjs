import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AreaIndex } from '../../dashboard/assets/app/map/area_index.mjs';
import { levelsBelow, Scene } from '../../dashboard/assets/app/map/scene.mjs';

const LEVELS = ['city', 'county', 'grid'].map((code, n) => ({ code, boundary_version: n + 1 }));
const BOX = [100, 21, 101, 22];

/** A city of two counties, of two grids each. */
function city() {
  const index = new AreaIndex();
  const areaLevel = (level, version, rows) => ({ level, version, n: rows.length, seq: 7, child: new Map(rows) });
  for (const county of ['a', 'b']) {
    index.put(county, { level: 'county', parent: 'top', name: county, tier: 'watch' });
    for (const n of [1, 2]) {
      index.put(`${county}${n}`, { level: 'grid', parent: county, name: `${county}${n}`, tier: 'key' });
    }
  }
  const areaLevels = [
    areaLevel('county', 2, [
      ['a', 'a'],
      ['b', 'b'],
    ]),
    areaLevel('grid', 3, [
      ['a1', 'a'],
      ['a2', 'a'],
      ['b1', 'b'],
      ['b2', 'b'],
    ]),
  ];
  const facts = { code: 'top', level: 'city', parent: null, bbox: BOX };
  return { index, scene: new Scene({ facts, leaf: false, areaLevels, levels: LEVELS }) };
}

test('levels below an area; a leaf stands on its own', () => {
  assert.deepEqual(levelsBelow(LEVELS, 'city'), { codes: ['county', 'grid'], leaf: false });
  assert.deepEqual(levelsBelow(LEVELS, 'grid'), { codes: ['grid'], leaf: true });
});

test('the scene of a child comes out of that of its parent', () => {
  const { index, scene } = city();
  const found = scene.narrowed('a', { index, levels: LEVELS, bbox: BOX });
  assert.equal(found.code, 'a');
  assert.deepEqual(
    [...found.child.child],
    [
      ['a1', 'a1'],
      ['a2', 'a2'],
    ],
  );
  assert.deepEqual(found.own, { level: 'county', version: 2 });
  assert.equal(found.facts.parent, 'top');
});

test('a leaf shows its siblings', () => {
  const { index, scene } = city();
  const county = scene.narrowed('a', { index, levels: LEVELS, bbox: BOX });
  const grid = county.narrowed('a2', { index, levels: LEVELS, bbox: BOX });
  assert.ok(grid.leaf);
  assert.deepEqual([...grid.child.child.keys()], ['a1', 'a2']);
});

test('what is not known well enough is not guessed', () => {
  const { index, scene } = city();
  assert.equal(scene.narrowed('a', { index, levels: LEVELS, bbox: null }), null);
  assert.equal(scene.narrowed('c', { index, levels: LEVELS, bbox: BOX }), null);
  const unknown = new AreaIndex();
  unknown.put('a', { level: 'county' });
  assert.equal(scene.narrowed('a', { index: unknown, levels: LEVELS, bbox: BOX }), null);
});

test('an area is inside itself and those above', () => {
  const { index } = city();
  assert.ok(index.isInside('a1', 'a') && index.isInside('a1', 'top') && index.isInside('a1', 'a1'));
  assert.ok(!index.isInside('a1', 'b'));
});

test('what was coloured is coloured again when a tier has changed, and only then', () => {
  const { index } = city();
  const before = index.turn;
  index.put('a1', { tier: 'key', open: 3 });
  index.put('a1', { name: 'other' });
  assert.equal(index.turn, before);
  index.put('a1', { tier: 'watch' });
  assert.equal(index.turn, before + 1);
  index.put('new', { tier: 'normal' });
  assert.equal(index.turn, before + 2);
});
