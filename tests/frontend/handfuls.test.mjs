import assert from 'node:assert/strict';
import { test } from 'node:test';

globalThis.window = { crypto: globalThis.crypto };
const { Handfuls } = await import('../../dashboard/assets/app/core/handfuls.mjs');

/** A server that does what it is asked once for each key, and whose answers to some calls are lost. */
function server(lost) {
  const done = new Map();
  let calls = 0;
  return {
    done,
    async post(items, key) {
      calls += 1;
      done.set(key, items);
      if (lost.includes(calls)) {
        throw new TypeError('no answer');
      }
      return items;
    },
  };
}

test('what had no answer is sent again with the same key, and nothing twice', async () => {
  const { done, post } = server([2]);
  const handfuls = new Handfuls([1, 2, 3, 4, 5], 2);
  await assert.rejects(handfuls.send(post));
  assert.deepEqual(handfuls.answers, [1, 2]);
  assert.deepEqual(await handfuls.send(post), [1, 2, 3, 4, 5]);
  assert.deepEqual([...done.values()].flat(), [1, 2, 3, 4, 5]);
});

test('what was refused as it was goes out as something else', async () => {
  const { done, post } = server([1]);
  const handfuls = new Handfuls([1], 2);
  await assert.rejects(handfuls.send(post));
  handfuls.renew();
  await handfuls.send(post);
  assert.equal(done.size, 2);
});

test('progress counts what was answered', async () => {
  const told = [];
  await new Handfuls([1, 2, 3], 2).send(server([]).post, (n) => told.push(n));
  assert.deepEqual(told, [2, 3]);
});
