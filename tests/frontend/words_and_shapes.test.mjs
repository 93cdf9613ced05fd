import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fuzzyScore } from '../../dashboard/assets/app/core/fuzzy.mjs';
import { groupRows } from '../../dashboard/assets/app/desk/queue.mjs';
import { boundariesDiffer } from '../../dashboard/assets/app/map/boundary_versions.mjs';
import { isFree, sharedStart } from '../../dashboard/assets/app/map/labels.mjs';
import { featureAt } from '../../dashboard/assets/app/map/tile_drawing.mjs';
import { localDateTime } from '../../dashboard/assets/app/panels/move_forms.mjs';
import { letterPx } from '../../dashboard/assets/app/wall/letters.mjs';

test('whole words at the start come first, letters in order last', () => {
  const scores = ['dispatch', 'case dispatch', 'redispatch', 'd i s patch'].map((words) => fuzzyScore('disp', words));
  assert.deepEqual(
    [...scores].sort((a, b) => b - a),
    scores,
  );
  assert.equal(fuzzyScore('xyz', 'dispatch'), 0);
  assert.equal(fuzzyScore('', 'anything'), 1);
});

test('the name of the parent is left out of those of its children, never half a word', () => {
  assert.equal(sharedStart(['三叶社区第一网格', '三叶社区第二网格', '三叶社区第三网格']), 4);
  assert.equal(sharedStart(['North Hill', 'North Lake', 'North Sea']), 6);
  assert.equal(sharedStart(['Northam', 'Northern', 'Northop']), 0);
  assert.equal(sharedStart(['Precinct 3-5', 'Precinct 3-6', 'Precinct 3-7A']), 9, 'what is left begins with a letter');
  assert.equal(sharedStart(['一', '二']), 0);
});

test('boxes that only touch are free of each other', () => {
  assert.ok(isFree([[0, 0, 10, 10]], [10, 0, 20, 10]));
  assert.ok(!isFree([[0, 0, 10, 10]], [9, 9, 20, 20]));
});

test('groups keep the order in which they come, and fold', () => {
  const items = ['b', 'a', 'b'].map((code, n) => ({ case_no: String(n), code }));
  const groupOf = ({ code }) => ({ code, label: code.toUpperCase() });
  const keys = (folded) => groupRows(items, groupOf, (code) => folded.includes(code)).map((row) => row.key);
  assert.deepEqual(keys([]), ['group b', '0', '2', 'group a', '1']);
  assert.deepEqual(keys(['b']), ['group b', 'group a', '1']);
});

test('boundaries differ by revision, by a version, by a level', () => {
  const known = { revision: 1, levels: { county: 1 } };
  assert.ok(!boundariesDiffer({ revision: 1, levels: { county: 1 } }, known));
  assert.ok(boundariesDiffer({ revision: 2, levels: { county: 1 } }, known));
  assert.ok(boundariesDiffer({ revision: 1, levels: { county: 2 } }, known));
  assert.ok(boundariesDiffer({ revision: 1, levels: { county: 1, grid: 1 } }, known));
  assert.ok(!boundariesDiffer(null, known));
});

test('the feature under a point is asked of its box first, then of its path', () => {
  const asked = [];
  const isPointInPath = (path, x, y) => {
    asked.push(path.name);
    return path.holds(x, y);
  };
  globalThis.document = { createElement: () => ({ getContext: () => ({ isPointInPath }) }) };
  const feature = (name, box, holds) => ({ code: name, box, path: { name, holds } });
  const tile = {
    features: [
      feature('far', [0, 0, 9, 9], () => true),
      feature('hollow', [10, 10, 90, 90], () => false),
      feature('hit', [10, 10, 90, 90], () => true),
    ],
  };
  assert.equal(featureAt(tile, 50, 50).code, 'hit');
  assert.deepEqual(asked, ['hollow', 'hit']);
  assert.equal(featureAt(tile, 500, 500), null);
});

test('a date is proposed in the time of the deployment', () => {
  assert.equal(localDateTime('Asia/Shanghai', new Date('2026-06-12T18:30:00Z')), '2026-06-13T02:30');
  assert.equal(localDateTime('America/New_York', new Date('2026-03-08T09:00:00Z')), '2026-03-08T05:00');
});

test('letters of a wall grow with distance, up to a share of its height', () => {
  const [large, small] = [
    { width: 3840, height: 2160 },
    { width: 1920, height: 1080 },
  ];
  assert.ok(letterPx({ metres: 4, pitch: 1.2, ...large }) < letterPx({ metres: 6, pitch: 1.2, ...large }));
  assert.equal(letterPx({ metres: 100, pitch: 0.6, ...small }), 1080 / 14);
  assert.equal(letterPx({ metres: 0, pitch: 0, ...small }), 40);
  assert.equal(letterPx({ metres: 0, pitch: 0, width: 1080, height: 1920 }), 1080 / 34, 'upright it is the width');
});
