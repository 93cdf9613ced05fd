/* Which requests have a past: they are asked as of the moment that the page shows, and nothing is moved in it. Pure. */

const READS =
  /^\/api\/(areas\/(?!index\/)[^/?]+(\/(children|summary|why))?|tiers|markers|cases(\/[^/?]+)?|clusters|repeats)(\?|$)/;
const MOVES = /^\/api\/cases(\/|\?|$)/;

/** The path as of a moment ('' for now). */
export function pathInPast(path, asOf) {
  if (!asOf || !READS.test(path)) {
    return path;
  }
  return `${path}${path.includes('?') ? '&' : '?'}as_of=${encodeURIComponent(asOf)}`;
}

export const isMove = (path, method) => method !== 'GET' && MOVES.test(path);

/** A moment of an address as RFC 3339 in UTC; '' for what is none. */
export function momentWord(words) {
  const at = Date.parse(words || '');
  return Number.isNaN(at) ? '' : new Date(at).toISOString().replace('.000Z', 'Z');
}

/** A moment by the wall clock of a zone: 2026-03-01T12:00. */
export function wallClock(at, timeZone) {
  const form = { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' };
  return new Intl.DateTimeFormat('sv-SE', form).format(at).replace(' ', 'T').slice(0, 16);
}

/** The moment that a wall clock of a zone shows, in milliseconds. */
export function momentOfClock(words, timeZone) {
  const wanted = Date.parse(`${words}Z`);
  let at = wanted;
  for (let turn = 0; turn < 2; turn += 1) {
    at += wanted - Date.parse(`${wallClock(at, timeZone)}Z`);
  }
  return at;
}

/** The moments of a play from `at` on, `by` minutes apart, at most `most` and never after `end`. */
export function stretch(at, { by, end, most }) {
  const step = by * 60000;
  const n = Math.min(most, Math.floor((end - at) / step) + 1);
  return n < 2 ? null : { from: at, to: at + (n - 1) * step, n };
}
