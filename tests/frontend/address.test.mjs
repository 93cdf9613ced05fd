import assert from 'node:assert/strict';
import { test } from 'node:test';

import { changedAddress, parseAddress } from '../../dashboard/assets/app/core/address.mjs';

test('an address says area, case, layers and filter', () => {
  const found = parseAddress('?area=532801&case=1&list=overdue&layers=cases,rivers&kind=hazard&q=路');
  assert.equal(found.area, '532801');
  assert.equal(found.case, '1');
  assert.deepEqual(found.layers, ['cases', 'rivers']);
  const { list, kind, q, severity } = found.filter;
  assert.deepEqual({ list, kind, q, severity }, { list: 'overdue', kind: 'hazard', q: '路', severity: '' });
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
