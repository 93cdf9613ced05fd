import assert from 'node:assert/strict';
import { test } from 'node:test';

import { worstOf } from '../../dashboard/assets/app/panels/worst_places.mjs';

const row = (code, tier, waiting = 0, open = 0) => ({ code, tier, waiting, open });

test('key before watch, then who waits, then what is open; what is normal or unknown is not named', () => {
  const rows = [
    row('a', 'watch', 9, 9),
    row('b', 'key', 0, 5),
    row('c', 'normal', 9, 9),
    row('d', 'key', 1, 1),
    undefined,
  ];
  const found = worstOf([...rows, row('e', null), row('f', 'key', 0, 5)]);
  assert.deepEqual(
    found.map(({ code }) => code),
    ['d', 'b', 'f', 'a'],
  );
});

test('no more than there is room for', () => {
  assert.equal(worstOf(Array.from({ length: 20 }, (_, n) => row(String(n), 'key'))).length, 6);
});
