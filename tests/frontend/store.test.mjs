import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Store } from '../../dashboard/assets/app/core/store.mjs';

test('a watcher hears of a change and of nothing else', () => {
  const store = new Store();
  const heard = [];
  store.watch('area', (area, before) => heard.push([area, before]));
  store.set({ area: '532801' });
  store.set({ area: '532801', case: '1' });
  assert.deepEqual(heard, [['532801', '']]);
});

test('changes are there all at once, and one watcher of two fields is told once', () => {
  const store = new Store();
  const heard = [];
  store.watch(['area', 'case'], () => heard.push({ area: store.state.area, case: store.state.case }));
  store.set({ area: 'a', case: 'c' });
  assert.deepEqual(heard, [{ area: 'a', case: 'c' }]);
});

test('a list of the same values is no change', () => {
  const store = new Store();
  let told = 0;
  store.watch('selection', () => {
    told += 1;
  });
  store.select(['1', '2', '1']);
  store.select(['1', '2']);
  assert.deepEqual(store.state.selection, ['1', '2']);
  assert.equal(told, 1);
});

test('a signal ends the watching', () => {
  const store = new Store();
  const ending = new AbortController();
  let told = 0;
  store.watch(
    ['area'],
    () => {
      told += 1;
    },
    ending.signal,
  );
  ending.abort();
  store.set({ area: 'a' });
  assert.equal(told, 0);
});

test("the time is the server's", () => {
  const store = new Store();
  store.set({ clockOffset: 3600000 });
  assert.ok(Math.abs(store.now() - Date.now() - 3600000) < 1000);
});

test('a screen whose clock is put right goes on with the time of the server', (context) => {
  context.mock.timers.enable({ apis: ['Date'], now: Date.parse('2026-03-10T08:00:00Z') });
  const board = new Store();
  board.followClock('2026-03-10T05:00:01Z');
  assert.equal(board.now(), Date.parse('2026-03-10T05:00:01Z'));
  board.followClock('2026-03-10T05:00:02Z');
  assert.equal(board.state.clockOffset, -10799000, 'a second on the way is no other clock');
  context.mock.timers.setTime(Date.parse('2026-03-10T05:00:05Z'));
  board.followClock('2026-03-10T05:00:05Z');
  assert.equal(board.now(), Date.parse('2026-03-10T05:00:05Z'));
});
