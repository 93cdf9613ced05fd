import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tracks } from '../../dashboard/assets/app/panels/list_tracks.mjs';

test('the case takes the room that is left', () => {
  const columns = [
    { name: 'mark', width: 2.5 },
    { name: 'case', width: 11 },
    { name: 'holder', width: 11 },
  ];
  assert.deepEqual(tracks(columns), { template: '2.5rem minmax(11rem, 1fr) 11rem', width: '25.5rem' });
});

test('without case and title the last column does', () => {
  const columns = [
    { name: 'status', width: 7 },
    { name: 'holder', width: 11 },
  ];
  assert.equal(tracks(columns).template, '7rem minmax(11rem, 1fr)');
  assert.deepEqual(tracks([{ name: 'kind', width: 6 }]), { template: 'minmax(6rem, 1fr)', width: '6rem' });
});
