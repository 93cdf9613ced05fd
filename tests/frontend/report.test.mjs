import assert from 'node:assert/strict';
import { test } from 'node:test';

import { findCategories } from '../../dashboard/assets/app/panels/category_search.mjs';
import { bodyOf, isPlace, placeOf } from '../../dashboard/assets/app/panels/report_place.mjs';

const CATEGORIES = [
  {
    code: 'noise',
    name: '噪声扰民',
    plain_name: '邻居太吵、广场舞',
    letters: 'zaoshengraomin zsrm shengraomin',
  },
  {
    code: 'fire',
    name: '消防隐患',
    plain_name: '楼道堆东西',
    letters: 'xiaofangyinhuan xfyh loudaoduidongxi lddx',
  },
  { code: 'road', name: 'Road repair', plain_name: 'Holes in the road', letters: '' },
];
const codes = (words) => findCategories(words, CATEGORIES).map(({ code }) => code);

test('a category is found by its name, by residents’ words, and by pinyin', () => {
  assert.deepEqual(codes('噪声'), ['noise']);
  assert.deepEqual(codes('广场舞'), ['noise']);
  assert.deepEqual(codes('堆东西'), ['fire']);
  assert.equal(codes('xfyh')[0], 'fire');
  assert.equal(codes('ZAOSHENG')[0], 'noise');
  assert.equal(codes('holes road')[0], 'road');
});

test('its own name comes before what residents call another', () => {
  const both = [
    { code: 'b', name: '物业', plain_name: '消防' },
    { code: 'a', name: '消防', plain_name: '' },
  ];
  assert.deepEqual(
    findCategories('消防', both).map(({ code }) => code),
    ['a', 'b'],
  );
});

test('nothing is found by nothing, and by words of none', () => {
  assert.deepEqual(codes(''), []);
  assert.deepEqual(codes('  '), []);
  assert.deepEqual(codes('电梯'), []);
  assert.deepEqual(codes('噪声 电梯'), []);
});

test('names alone are enough where the rest could not be had', () => {
  assert.deepEqual(findCategories('消防', [{ code: 'fire', name: '消防隐患', kind: 'hazard' }])[0].code, 'fire');
});

test('a case can be at an area, and at what has a point', () => {
  const hits = [
    { type: 'area', lon: null },
    { type: 'place', lon: 100.1 },
    { type: 'case' },
    { type: 'organisation', lon: null },
  ];
  assert.deepEqual(hits.map(isPlace), [true, true, false, false]);
});

test('the request says a point to a tenth of a metre, or an area, or nothing', () => {
  assert.deepEqual(bodyOf(placeOf({ type: 'place', title: '学校', lon: 100.12345678, lat: 22 })), {
    lon: 100.123457,
    lat: 22,
  });
  assert.deepEqual(bodyOf(placeOf({ type: 'area', title: '城区', place: '', code: 'C1' })), { area: 'C1' });
  assert.deepEqual(bodyOf(null), {});
});
