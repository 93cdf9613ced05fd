import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Heard } from '../../dashboard/assets/app/core/shared_stream.mjs';

const beat = (seq) => ['heartbeat', { seq, as_of: 'now' }];
const happened = (seq) => ['case', { seq }];

function heardOf(since, frames) {
  const heard = new Heard(since);
  frames.forEach(([kind, data]) => heard.take(kind, data));
  return heard;
}

test('a page that comes later is told what it missed, and then that all is well', () => {
  const heard = heardOf(10, [beat(10), happened(11), happened(12), beat(12)]);
  assert.deepEqual(heard.after(11), [happened(12), beat(12)]);
  assert.deepEqual(heard.after(12), [beat(12)]);
});

test('what happened before the leader began is not known: it begins with a snapshot', () => {
  const heard = heardOf(10, [beat(10), happened(11)]);
  assert.deepEqual(heard.after(9), [['snapshot', { seq: 10, as_of: 'now' }]]);
  assert.deepEqual(heard.after(null), [['snapshot', { seq: 10, as_of: 'now' }]]);
});

test('who has heard nothing yet has nothing to tell', () => {
  assert.deepEqual(new Heard(10).after(10), []);
});

test('a snapshot begins anew', () => {
  const heard = heardOf(null, [['snapshot', { seq: 20 }], happened(21)]);
  assert.deepEqual(heard.after(20), [happened(21), ['heartbeat', { seq: 20 }]]);
});

test('no more is kept than a page would be told', () => {
  const heard = heardOf(0, [beat(0), ...Array.from({ length: 1500 }, (_, n) => happened(n + 1))]);
  assert.equal(heard.after(1400).length, 101);
  assert.equal(heard.after(100)[0][0], 'snapshot');
});
