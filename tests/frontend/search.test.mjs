import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parsePoint, pointWords } from '../../dashboard/assets/app/panels/found_place.mjs';

test('a point of the address is a longitude and a latitude', () => {
  assert.deepEqual(parsePoint('100.79710,21.99910'), [100.7971, 21.9991]);
  assert.deepEqual(parsePoint(pointWords(-122.41, 37.8)), [-122.41, 37.8]);
});

test('anything else is none', () => {
  for (const words of ['', '1', '1,', ',1', 'a,b', '181,0', '0,91', '1,2,3', 'NaN,1']) {
    assert.equal(parsePoint(words), null, words);
  }
});
