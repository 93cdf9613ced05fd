import assert from 'node:assert/strict';
import { test } from 'node:test';

import { MemoryStorage } from '../../dashboard/assets/app/core/device_storage.mjs';
import { DraftStore, draftOf, isEmpty } from '../../dashboard/assets/app/panels/draft_store.mjs';

const DAY_MS = 86400000;
const written = (words, { isOpen = true } = {}) => ({ typed: { reason: words }, chosen: [], isOpen });

function storeAt(now, { user = 'dispatcher', storage = new MemoryStorage() } = {}) {
  const clock = { now };
  return { store: new DraftStore(user, { storage, now: () => clock.now }), storage, clock };
}

test('a draft is there again for the same user, case and form, and for nobody and nothing else', () => {
  const { store, storage } = storeAt(1000);
  store.write('C-1', 'return', written('半句话'));
  const again = new DraftStore('dispatcher', { storage, now: () => 1000 });
  assert.equal(again.read('C-1', 'return').typed.reason, '半句话');
  assert.equal(store.read('C-1', 'pause'), null);
  assert.equal(store.read('C-10', 'return'), null);
  assert.equal(new DraftStore('dispatcher.jinghong', { storage, now: () => 1000 }).read('C-1', 'return'), null);
});

test('the drafts of a case come with the latest first, and not those of a case whose number begins alike', () => {
  const { store, clock } = storeAt(1000);
  store.write('C-1', 'return', written('一'));
  clock.now = 2000;
  store.write('C-1', 'pause', written('二'));
  store.write('C-12', 'pause', written('三'));
  assert.deepEqual(
    store.ofCase('C-1').map(({ form }) => form),
    ['pause', 'return'],
  );
});

test('a closed form without words leaves nothing; an open one does, and does not count as unsent', () => {
  const { store } = storeAt(1000);
  store.write('C-1', 'return', written('', { isOpen: false }));
  assert.equal(store.read('C-1', 'return'), null);
  store.write('C-1', 'return', written('  '));
  assert.equal(store.read('C-1', 'return').isOpen, true);
  assert.equal(store.size, 0);
  store.write('C-1', 'pause', written('等候'));
  assert.equal(store.size, 1);
});

test('forgetting takes the drafts of this user alone', () => {
  const { store, storage } = storeAt(1000);
  const other = storeAt(1000, { user: 'dispatcher.jinghong', storage }).store;
  store.write('C-1', 'return', written('一'));
  other.write('C-1', 'return', written('二'));
  store.forgetAll();
  assert.equal(store.size, 0);
  assert.equal(other.size, 1);
});

test('what is older than two weeks is gone, and so is what cannot be read', () => {
  const { store, storage } = storeAt(1000);
  store.write('C-1', 'return', written('一'));
  storage.setItem('gridboard.draft|dispatcher|C-2|return', '{');
  const later = storeAt(1000 + 15 * DAY_MS, { storage }).store;
  assert.equal(later.read('C-1', 'return'), null);
  assert.equal(storage.length, 0);
});

test('a request that was refused becomes the draft that it was made from', () => {
  const draft = draftOf({
    move: 'record_mediation',
    version: 4,
    method: 'visit',
    people: ['party', 'expert'],
    reason: '已谈',
  });
  assert.deepEqual(draft.typed, { reason: '已谈' });
  assert.deepEqual(draft.chosen, ['method visit', 'people party', 'people expert']);
  assert.equal(draft.isOpen, true);
  assert.equal(isEmpty(draft), false);
});

test('whose key it is', () => {
  const { store } = storeAt(1000);
  assert.deepEqual(store.partsOf('gridboard.draft|dispatcher|C-1|return'), { caseNo: 'C-1', form: 'return' });
  assert.equal(store.partsOf('gridboard.draft|other|C-1|return'), null);
  assert.equal(store.partsOf(null), null);
});
