import assert from 'node:assert/strict';
import { test } from 'node:test';

import { firstBelow, rowsBetween, scrollToShow, stackRows } from '../../dashboard/assets/app/core/list_window.mjs';

const stacked = (heights) => {
  const rows = heights.map((px) => ({ px }));
  return { rows, total: stackRows(rows, ({ px }) => px) };
};

test('rows stand one under the other', () => {
  const { rows, total } = stacked([34, 58, 58]);
  assert.deepEqual(
    rows.map((row) => row.top),
    [0, 34, 92],
  );
  assert.equal(total, 150);
});

test('the window holds the rows that touch it and no other', () => {
  const { rows } = stacked(Array(1000).fill(50));
  assert.deepEqual(rowsBetween(rows, 100, 199), [2, 4]);
  assert.deepEqual(rowsBetween(rows, -400, 0), [0, 1]);
  assert.deepEqual(rowsBetween(rows, 49990, 99999), [999, 1000]);
  assert.deepEqual(rowsBetween([], 0, 500), [0, 0]);
});

test('the first row below a place', () => {
  const { rows } = stacked([10, 10, 10]);
  assert.equal(firstBelow(rows, 0), 0);
  assert.equal(firstBelow(rows, 10), 1);
  assert.equal(firstBelow(rows, 30), 3);
});

test('a row is scrolled to only when it is not whole in view', () => {
  const box = { scrollTop: 100, clientHeight: 200 };
  assert.equal(scrollToShow({ top: 150, height: 50 }, box), 100);
  assert.equal(scrollToShow({ top: 280, height: 50 }, box), 130);
  assert.equal(scrollToShow({ top: 60, height: 50 }, box), 60);
  assert.equal(scrollToShow({ top: 120, height: 50 }, { ...box, head: 34 }), 86);
});
