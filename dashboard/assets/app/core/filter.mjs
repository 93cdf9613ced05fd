/* The filter: which cases list, map, legend and title speak of. One object of words as the address has them; '' where
   it says nothing. Pure. */

/** The words of a filter, in the order in which they are said. `list`: a count of the catalogue (rules/metrics.py);
    `factor`: what counts for a factor of the tiers; `cluster`: the cases of an emerging one; `cases`: these, by number;
    `reported`, `settled`: a month or a day, or the first and last one of a period; `box`: west to north. */
export const FIELDS = [
  'list',
  'kind',
  'severity',
  'category',
  'reported',
  'settled',
  'factor',
  'cluster',
  'cases',
  'box',
  'q',
];
/** As a change of the address: takes every word out. */
export const NO_FILTER = Object.freeze(Object.fromEntries(FIELDS.map((name) => [name, null])));

const WORD = /^[\w.-]{1,64}$/;
const DAY = '\\d{4}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\\d|3[01]))?';
const PERIOD = new RegExp(`^${DAY}(?:_${DAY})?$`);
const BOX = /^-?\d+(?:\.\d+)?(?:_-?\d+(?:\.\d+)?){3}$/;
/** Numbers of cases as others may have given them, up to as many as the server takes. */
const NUMBERS = /^[^,]{1,64}(?:,[^,]{1,64}){0,199}$/;
const FORMS = { reported: PERIOD, settled: PERIOD, cases: NUMBERS, box: BOX, q: /./ };

/** The filter of an address; a word that cannot be one is passed over. */
export function parseFilter(asked) {
  const read = (name) => {
    const value = asked.get(name) || '';
    return (FORMS[name] ?? WORD).test(value) ? value : '';
  };
  return Object.fromEntries(FIELDS.map((name) => [name, read(name)]));
}

export const isFiltered = (filter) => FIELDS.some((name) => filter[name]);

const day = (at) => at.toISOString().slice(0, 10);

/** [first day, day after the last one] of a period. */
export function daysOf(period) {
  const [first, last = first] = period.split('_');
  const [year, month, date] = last.split('-').map(Number);
  const after = date ? Date.UTC(year, month - 1, date + 1) : Date.UTC(year, month, 1);
  return [first.length === 7 ? `${first}-01` : first, day(new Date(after))];
}

/** What the periods of the catalogue begin with, on the wall clock of the deployment. `today`: its day. */
function periodsAt(today) {
  const [year, month, date] = today.split('-').map(Number);
  const yesterday = day(new Date(Date.UTC(year, month - 1, date - 1)));
  return { $month: `${today.slice(0, 7)}-01`, $day: today, $since: `${yesterday}T08:00` };
}

function listQuery(name, { lists, today }) {
  const periods = periodsAt(today);
  const filled = Object.entries(lists[name] ?? {}).map(([field, value]) => [field, periods[value] ?? value]);
  return Object.fromEntries(filled);
}

function periodQuery(name, period) {
  const [from, to] = daysOf(period);
  return { [`${name}_from`]: from, [`${name}_to`]: to };
}

/** The query of /api/cases; empty where nothing is filtered. Open cases, unless a count, a period, a factor, a
    cluster or numbers say others. */
export function filterQuery(filter, { lists, today }) {
  if (!isFiltered(filter)) {
    return {};
  }
  const { list, kind, severity, category, reported, settled, factor, cluster, cases, box, q } = filter;
  const wanted = {
    ...(lists[list] || reported || settled || factor || cluster || cases ? {} : { status: 'open' }),
    ...listQuery(list, { lists, today }),
    ...(reported && periodQuery('reported', reported)),
    ...(settled && periodQuery('settled', settled)),
    ...{ kind, severity, category, factor, cluster, cases, q, box: box.replaceAll('_', ',') },
  };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value));
}

/** The query of those among them that wait; null where there can be none. */
export function waitingQuery(wanted) {
  const { status = 'waiting', ...rest } = wanted;
  if ('settled_from' in wanted || !['open', 'waiting', 'overdue'].includes(status)) {
    return null;
  }
  return { ...rest, status: 'waiting', ...(status === 'overdue' && { overdue: '1' }) };
}

/** A change of the address for another area: a piece of the map and cases by number stay behind, and so do the cases
    of an area that have no place. */
export const withoutPlace = ({ list }) => ({ box: null, cases: null, ...(list === 'unlocated' && { list: null }) });

/** [west, south, east, north] in degrees as a word; rounded outwards, so that all it was drawn around stays in. */
export function boxWord([west, south, east, north]) {
  const round = (value, way) => Math[way](value * 1e5) / 1e5;
  return [round(west, 'floor'), round(south, 'floor'), round(east, 'ceil'), round(north, 'ceil')].join('_');
}
