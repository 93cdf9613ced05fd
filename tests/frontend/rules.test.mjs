import assert from 'node:assert/strict';
import { test } from 'node:test';

import { scales, stretches } from '../../dashboard/assets/app/rules/rule_backtest.mjs';
import { freshCode, numberIn, putAt, valueAt } from '../../dashboard/assets/app/rules/rule_form.mjs';
import { RuleTrial } from '../../dashboard/assets/app/rules/rule_trial.mjs';

const answer = (letters, codes) => ({
  tiers: { tier: letters, ...(codes && { code: codes }) },
  upper: { tier: ['w'], ...(codes && { code: ['top'] }) },
});

test('numbers are read as they are typed here, and what is none is left to the server to name', () => {
  assert.equal(numberIn('12.5'), 12.5);
  assert.equal(numberIn('１２．５'), 12.5);
  assert.equal(numberIn(' '), null);
  assert.equal(numberIn('zwölf'), 'zwölf');
});

test('values are found and put by their path', () => {
  const rule = {};
  putAt(rule, 'thresholds.key', 7);
  assert.deepEqual(rule, { thresholds: { key: 7 } });
  assert.equal(valueAt(rule, 'thresholds.key'), 7);
  assert.equal(valueAt(rule, 'upper.key_share'), undefined);
});

test('a new factor gets a code that none has', () => {
  assert.equal(freshCode(['a', 'factor_3']), 'factor_4');
});

test('one question on its way at most, and the last position wins', async () => {
  const [asked, shown] = [[], []];
  const answers = [];
  const ask = (body) => {
    asked.push(body.rule);
    return new Promise((done) => {
      answers.push(() => done(answer(['k', 'n'], body.columns ? null : ['a', 'b'])));
    });
  };
  const trial = new RuleTrial({ tried: (_answer, tiers, rule) => shown.push([rule, tiers.get('a')]) }, ask);
  const running = trial.ask(1);
  [2, 3, 4].forEach((rule) => trial.ask(rule));
  assert.deepEqual(asked, [1]);
  answers.shift()();
  await new Promise((done) => setTimeout(done));
  assert.deepEqual(asked, [1, 4]);
  answers.shift()();
  await running;
  assert.deepEqual(shown, [
    [1, 'key'],
    [4, 'key'],
  ]);
  assert.ok(trial.isLast);
});

test('with other boundaries the codes are asked for again', async () => {
  const bodies = [];
  const given = [answer(['k'], ['a']), answer(['k', 'w']), answer(['k', 'w'], ['a', 'b'])];
  const shown = [];
  const trial = new RuleTrial({ tried: (_answer, tiers) => shown.push(tiers.get('b')) }, async (body) => {
    bodies.push(body.columns);
    return given[bodies.length - 1];
  });
  await trial.ask({});
  await trial.ask({});
  assert.deepEqual(bodies, [undefined, 'tier', undefined]);
  assert.deepEqual(shown, [undefined, 'watch']);
});

test('an answer keeps the codes that it was asked with', async () => {
  const shown = [];
  const given = [answer(['k'], ['a']), answer(['w']), answer(['n'], ['a'])];
  const trial = new RuleTrial({ tried: (_answer, tiers) => shown.push(tiers.get('a')) }, async () => given.shift());
  await trial.ask({});
  const asking = trial.ask({});
  trial.forgetCodes();
  await asking;
  assert.deepEqual(shown, ['key', 'watch']);
});

test('a failure is told and the next question is asked', async () => {
  const heard = [];
  const delegate = { failed: () => heard.push('failed'), tried: () => heard.push('tried') };
  let n = 0;
  const trial = new RuleTrial(delegate, async () => {
    n += 1;
    if (n === 1) {
      throw new Error('no answer');
    }
    return answer(['k'], ['a']);
  });
  await trial.ask(1);
  await trial.ask(2);
  assert.deepEqual(heard, ['failed', 'tried']);
});

test('a line does not run over a quarter that was not computed', () => {
  const one = { share: 0.3, lo: 0.2, hi: 0.42 };
  const quarters = [{ rule: null }, { rule: one }, { rule: null }, { rule: one }, { rule: one }];
  assert.deepEqual(
    stretches(quarters, 'rule').map((points) => points.map(({ at }) => at)),
    [[1], [3, 4]],
  );
  assert.equal(scales(quarters).most, 0.5);
});
