import assert from 'node:assert/strict';
import { test } from 'node:test';

import { changedAddress, parseAddress } from '../../dashboard/assets/app/core/address.mjs';
import {
  boxWord,
  daysOf,
  FIELDS,
  filterQuery,
  isFiltered,
  NO_FILTER,
  parseFilter,
  waitingQuery,
  withoutPlace,
} from '../../dashboard/assets/app/core/filter.mjs';

const LISTS = {
  open: { status: 'open' },
  waiting: { status: 'waiting' },
  overdue: { status: 'overdue' },
  to_file: { status: 'to_file' },
  settled_month: { settled_from: '$month' },
  overdue_since: { status: 'overdue', due_from: '$since' },
};
const read = (words) => parseFilter(new URLSearchParams(words));
const queryOf = (words) => filterQuery(read(words), { lists: LISTS, today: '2026-03-01' });

test('a filter goes into the address and comes back as it was', () => {
  const said = { list: 'overdue', kind: 'dispute', reported: '2025-12_2026-11', box: '100.1_21.5_100.2_21.6' };
  const search = changedAddress('?area=1', said);
  const { filter } = parseAddress(search);
  assert.deepEqual(Object.fromEntries(FIELDS.filter((name) => filter[name]).map((name) => [name, filter[name]])), said);
  assert.equal(changedAddress(search, NO_FILTER), '?area=1');
  assert.ok(!isFiltered(parseAddress('?area=1').filter));
});

test('what cannot be a word of a filter is passed over', () => {
  assert.ok(!isFiltered(read("?kind=a'b&reported=2026-13&settled=may&box=1_2_3&severity=%20")));
});

test('a number becomes the query that lists what it counted', () => {
  assert.deepEqual(queryOf(''), {});
  assert.deepEqual(queryOf('list=overdue'), { status: 'overdue' });
  assert.deepEqual(queryOf('list=settled_month'), { settled_from: '2026-03-01' });
  assert.deepEqual(queryOf('list=overdue_since'), { status: 'overdue', due_from: '2026-02-28T08:00' });
  assert.deepEqual(queryOf('reported=2026-02'), { reported_from: '2026-02-01', reported_to: '2026-03-01' });
  assert.deepEqual(queryOf('category=noise&reported=2025-12_2026-11'), {
    category: 'noise',
    reported_from: '2025-12-01',
    reported_to: '2026-12-01',
  });
});

test('without a count or a period it is about open cases', () => {
  assert.deepEqual(queryOf('kind=dispute'), { status: 'open', kind: 'dispute' });
  assert.deepEqual(queryOf('list=nobody-knows&kind=dispute'), { status: 'open', kind: 'dispute' });
  assert.deepEqual(queryOf('box=100_21_101_22'), { status: 'open', box: '100,21,101,22' });
});

test('what counts for a factor, and what lies in a cluster, is listed whether open or not', () => {
  assert.deepEqual(queryOf('factor=disputes'), { factor: 'disputes' });
  assert.deepEqual(queryOf('cluster=17&kind=dispute'), { cluster: '17', kind: 'dispute' });
});

test('a period ends with its last day', () => {
  assert.deepEqual(daysOf('2026-12'), ['2026-12-01', '2027-01-01']);
  assert.deepEqual(daysOf('2026-02-28'), ['2026-02-28', '2026-03-01']);
});

test('those that wait are the part of the filter that can wait', () => {
  assert.deepEqual(waitingQuery({}), { status: 'waiting' });
  assert.deepEqual(waitingQuery(queryOf('kind=dispute')), { status: 'waiting', kind: 'dispute' });
  assert.deepEqual(waitingQuery(queryOf('list=overdue')), { status: 'waiting', overdue: '1' });
  assert.equal(waitingQuery(queryOf('list=to_file')), null);
  assert.equal(waitingQuery(queryOf('settled=2026-02')), null);
});

test('another area leaves a piece of the map behind', () => {
  assert.deepEqual(withoutPlace(read('list=overdue&box=1_2_3_4')), { box: null, cases: null });
  assert.deepEqual(withoutPlace(read('list=unlocated')), { box: null, cases: null, list: null });
});

test('a box holds what it was drawn around', () => {
  assert.equal(boxWord([100.1234567, 21.1234567, 100.1234567, 21.1234567]), '100.12345_21.12345_100.12346_21.12346');
});

test('cases by number are all of them, open or not, and stay behind with another area', () => {
  const chosen = read('cases=20260614-532801-00001,QS%202');
  assert.equal(chosen.cases, '20260614-532801-00001,QS 2');
  assert.deepEqual(filterQuery(chosen, { lists: {}, today: '2026-06-15' }), { cases: chosen.cases });
  assert.equal(read('cases=,').cases, '');
  assert.equal(withoutPlace(chosen).cases, null);
});
