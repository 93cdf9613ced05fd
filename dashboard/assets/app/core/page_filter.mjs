/* The present filter of the page, as a query of /api/cases and in words. */
import { filterQuery, isFiltered } from './filter.mjs';
import { dayOfZone, monthName } from './format.mjs';
import { store } from './store.mjs';
import { text } from './words.mjs';

/** The query; empty where nothing is filtered, or nothing is known yet of what could be. */
export function pageFilter() {
  const { config, filter } = store.state;
  return config ? filterQuery(filter, { lists: config.lists, today: dayOfZone(store.now()) }) : {};
}

function periodWords(period) {
  const [first, last] = period.split('_');
  return last && last !== first
    ? text('js.filter.period', { from: monthName(first), to: monthName(last) })
    : monthName(first);
}

/** What is filtered, each word on its own; empty where nothing is. */
export function filterWords() {
  const { config, filter } = store.state;
  if (!config || !isFiltered(filter)) {
    return [];
  }
  const { list, kind, severity, category, reported, settled, factor, cluster, cases, box, q } = filter;
  return [
    config.lists[list] && text(`js.list.${list}`),
    kind && text(`kind.${kind}`),
    severity && text(`severity.${severity}`),
    category && (config.categories[category] ?? category),
    reported && text('js.filter.reported', { period: periodWords(reported) }),
    settled && text('js.filter.settled', { period: periodWords(settled) }),
    factor && text('js.filter.factor', { name: config.factors[factor] ?? factor }),
    cluster && text('js.filter.cluster'),
    cases && text('js.filter.cases', { n: cases.split(',').length }),
    box && text('js.filter.box'),
    q && `“${q}”`,
  ].filter(Boolean);
}
