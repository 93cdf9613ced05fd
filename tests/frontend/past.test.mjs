import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMove, momentWord, pathInPast, stretch } from '../../dashboard/assets/app/core/past.mjs';

const AT = '2026-03-01T04:00:00Z';

test('what has a past is asked as of the moment', () => {
  for (const path of [
    '/api/areas/C',
    '/api/areas/C/children',
    '/api/tiers?area=C',
    '/api/cases?area=C',
    '/api/cases/1',
    '/api/clusters',
    '/api/repeats?area=C',
  ]) {
    assert.match(pathInPast(path, AT), /[?&]as_of=2026-03-01T04%3A00%3A00Z$/);
    assert.equal(pathInPast(path, ''), path);
  }
});

test('what has none is asked as it is', () => {
  for (const path of [
    '/api/areas/index/grid/1',
    '/api/client',
    '/api/cases/1/events',
    '/api/past/frames?area=C',
    '/api/places',
  ]) {
    assert.equal(pathInPast(path, AT), path);
  }
});

test('a change of a case is known', () => {
  assert.ok(isMove('/api/cases/1/moves', 'POST'));
  assert.ok(isMove('/api/cases', 'POST'));
  assert.ok(!isMove('/api/cases?area=C', 'GET'));
  assert.ok(!isMove('/api/locale', 'POST'));
});

test('a moment of the address is one, or nothing', () => {
  assert.equal(momentWord('2026-03-01T12:00:00+08:00'), AT);
  assert.equal(momentWord('yesterday'), '');
  assert.equal(momentWord(null), '');
});

test('a stretch ends with the present', () => {
  const [day, at] = [86400000, Date.parse(AT)];
  assert.deepEqual(stretch(at, { by: 1440, end: at + 2.5 * day, most: 60 }), { from: at, to: at + 2 * day, n: 3 });
  assert.deepEqual(stretch(at, { by: 1440, end: at + 900 * day, most: 60 }), { from: at, to: at + 59 * day, n: 60 });
  assert.equal(stretch(at, { by: 1440, end: at + day / 2, most: 60 }), null);
});
