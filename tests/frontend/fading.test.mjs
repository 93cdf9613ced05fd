import assert from 'node:assert/strict';
import { test } from 'node:test';

import { boundsOf, fadingPieces } from '../../dashboard/assets/app/map/fading.mjs';

const across = [
  [0, 5],
  [10, 5],
];
const frame = [
  [0, 0],
  [10, 10],
];

test('a line across what is known fades at both ends and is whole in the middle', () => {
  const pieces = fadingPieces([across], boundsOf([across, frame]));
  const whole = pieces.at(-1);
  assert.equal(whole[0], 1);
  const longest = whole[1].map((line) => [line[0][0], line.at(-1)[0]]);
  assert.ok(longest.some(([from, to]) => from <= 1.2 && to >= 8.8));
  const shares = pieces.map(([share]) => share);
  assert.deepEqual(
    shares,
    [...shares].sort((a, b) => a - b),
  );
  assert.ok(shares[0] < 0.5);
});

test('nothing of a line is lost but what is at the very edge', () => {
  const pieces = fadingPieces([across], boundsOf([across, frame]));
  const covered = pieces.flatMap(([, lines]) => lines).reduce((sum, line) => sum + (line.at(-1)[0] - line[0][0]), 0);
  assert.ok(covered > 9.5 && covered <= 10.0001, String(covered));
});

test('lines without an extent are drawn as they are', () => {
  const flat = [
    [0, 5],
    [10, 5],
  ];
  assert.deepEqual(fadingPieces([flat]), [[1, [flat]]]);
});
