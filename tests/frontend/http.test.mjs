import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isRefusal } from '../../dashboard/assets/app/core/http.mjs';

const ours = (status, code) => ({ status, problem: { type: `urn:gridboard:problem:${code}`, code } });

test('only our server refuses what was sent', () => {
  const refused = [ours(403, 'forbidden'), ours(404, 'not_found'), ours(409, 'stale_version'), ours(422, 'invalid')];
  assert.deepEqual(refused.filter(isRefusal), refused);
});

test('nothing is lost for a login, a limit, a proxy or a portal', () => {
  const passing = [
    {},
    new TypeError('no connection'),
    { status: 0, problem: {} },
    { status: 403, problem: {} },
    { status: 404, problem: { detail: 'Not Found' } },
    { status: 502, problem: {} },
    ours(401, 'unauthenticated'),
    ours(403, 'csrf'),
    ours(403, 'foreign_origin'),
    ours(408, 'timeout'),
    ours(421, 'wrong_host'),
    ours(429, 'too_many'),
    ours(500, 'internal'),
    ours(503, 'unavailable'),
  ];
  assert.deepEqual(passing.filter(isRefusal), []);
});
