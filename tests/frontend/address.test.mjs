import assert from 'node:assert/strict';
import { test } from 'node:test';

import { changedAddress, parseAddress } from '../../dashboard/assets/app/core/address.mjs';

test('an address says area, case, list, layers and narrowing', () => {
  const found = parseAddress('?area=532801&case=1&list=overdue&layers=cases,rivers&kind=hazard&q=路');
  assert.equal(found.area, '532801');
  assert.equal(found.case, '1');
  assert.equal(found.list, 'overdue');
  assert.deepEqual(found.layers, ['cases', 'rivers']);
  assert.equal(found.kind, 'hazard');
  assert.equal(found.q, '路');
  assert.equal(found.group, '');
});

test('no word of layers is the usual ones, an empty word is none', () => {
  assert.equal(parseAddress('').layers, null);
  assert.deepEqual(parseAddress('?layers=').layers, []);
});

test('null and empty words are taken out, an empty list stays', () => {
  assert.equal(changedAddress('?area=1&case=2', { case: null, list: '' }), '?area=1');
  assert.equal(changedAddress('?area=1', { area: null }), '');
  assert.equal(changedAddress('', { layers: [] }), '?layers=');
  assert.equal(changedAddress('', { layers: ['a', 'b'] }), '?layers=a,b');
});

test('what nobody speaks of stays', () => {
  assert.equal(changedAddress('?display=x&area=1', { area: '2' }), '?display=x&area=2');
});
