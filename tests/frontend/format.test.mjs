import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { deadline, duration, number, timeLeft } from '../../dashboard/assets/app/core/format.mjs';
import { store } from '../../dashboard/assets/app/core/store.mjs';
import { text, useTexts } from '../../dashboard/assets/app/core/words.mjs';

const MINUTE = 60000;
const HOUR = 60 * MINUTE;

before(() => {
  globalThis.document = { documentElement: { lang: 'en' } };
  const texts = { 'time.days': '{n} d', 'time.hours': '{n} h', 'time.minutes': '{n} min', 'time.joiner': ' ' };
  const clock = { 'clock.left': '{length} left', 'clock.overdue': 'late {length}', one: ['{n} case', '{n} cases'] };
  useTexts({ ...texts, ...clock }, 'en');
  store.set({ zone: 'Asia/Shanghai' });
});

test('a length has its largest one or two units and is never rounded up', () => {
  assert.equal(duration(59999), '0 min');
  assert.equal(duration(59 * MINUTE + 59999), '59 min');
  assert.equal(duration(3 * HOUR + 20 * MINUTE), '3 h 20 min');
  assert.equal(duration(24 * HOUR - 1), '23 h 59 min');
  assert.equal(duration(52 * HOUR), '2 d 4 h');
  assert.equal(duration(10 * 24 * HOUR + 5 * HOUR), '10 d');
  assert.equal(duration(-5), '0 min');
});

test('the time left is told alike for seconds, words and nothing', () => {
  const now = store.now();
  assert.equal(timeLeft(null).text, '–');
  assert.deepEqual(timeLeft(now + 30 * MINUTE + 500), { className: 'soon', text: '30 min left', overdue: false });
  assert.equal(timeLeft(new Date(now + 2 * HOUR + 500).toISOString()).className, '');
  assert.deepEqual(timeLeft(now - HOUR - 500), { className: 'late', text: 'late 1 h', overdue: true });
});

test('a deadline at midnight is the end of its day', () => {
  const told = ['16:00:00', '15:59:00', '16:01:00'].map((at) => deadline(`2026-06-12T${at}Z`));
  assert.deepEqual(
    told.map((one) => one.slice(-5)),
    ['24:00', '23:59', '00:01'],
  );
  assert.match(told[0], /12/);
  assert.match(told[2], /13/);
});

test('numbers have separators, words their plural', () => {
  assert.equal(number(12345), '12,345');
  assert.equal(text('one', { n: 1 }), '1 case');
  assert.equal(text('one', { n: '1,204' }), '1,204 cases');
  assert.equal(text('unknown.key'), 'unknown.key');
});
