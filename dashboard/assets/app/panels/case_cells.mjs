/* The cells of a case in a list: mark, what and where, clock. What people wrote stays text. */
import { make } from '../core/dom.mjs';
import { age, deadline, duration, moment, timeLeft } from '../core/format.mjs';
import { store } from '../core/store.mjs';
import { text } from '../core/words.mjs';

export const markName = ({ kind, severity }) => `${text(`kind.${kind}`)} · ${text(`severity.${severity}`)}`;

export function gridCell(className) {
  const cell = make('div', className);
  cell.setAttribute('role', 'gridcell');
  return cell;
}

export function mark({ kind, severity, status = 'waiting' }) {
  const hollow = status === 'waiting' ? ' mark-hollow' : '';
  const sign = make('span', `mark mark-${kind} mark-${severity}${hollow}`);
  sign.setAttribute('role', 'img');
  sign.setAttribute('aria-label', markName({ kind, severity }));
  return sign;
}

/** Time left in red when there is none, in amber for the last hour; the moment itself on hover. */
export function clock({ due_at: dueAt, clock: step }, className = '') {
  const left = timeLeft(dueAt, step);
  const words = make('span', `${className} ${left.className}`.trim(), left.text);
  if (dueAt) {
    words.title = deadline(dueAt);
    Object.assign(words.dataset, { due: dueAt, clock: step ?? '' });
  }
  return words;
}

const placeOf = (item) => item.area?.name || item.area_name || item.area || '';

function markCell(item) {
  const cell = gridCell('cell-mark');
  cell.title = markName(item);
  cell.append(mark(item));
  return cell;
}

/** What has a column of its own is not said twice. The place gives way to the status: it can be read on hover too. */
function caseCell(item, names) {
  const cell = gridCell('row-text');
  const place = names.includes('area') ? '' : placeOf(item);
  cell.title = `${item.case_no} ${item.title}\n${placeOf(item)}`;
  const under = make('span', 'row-place');
  under.append(
    ...(place ? [make('span', 'row-where', place)] : []),
    ...(names.includes('status') ? [] : [make('span', 'row-status', text(`status.${item.status}`))]),
  );
  cell.append(make('span', 'row-title', item.title || item.case_no), under);
  return cell;
}

const sinceSettled = (at) => text('js.settled-ago', { length: duration(store.now() - Date.parse(at)) });

/** How long is left, and under it by which clock: in one line they take the room of the title. What is settled has no
    clock: how long ago, and when. */
function clockCell(item) {
  const cell = gridCell('row-clock');
  if (item.settled_at) {
    cell.append(make('span', '', sinceSettled(item.settled_at)), make('span', '', moment(Date.parse(item.settled_at))));
    return cell;
  }
  const which = item.due_at && item.clock ? text(`clock.step.${item.clock}`) : '';
  const old = item.reported_at ? age(item.reported_at) : '';
  cell.append(clock({ due_at: item.due_at }), make('span', '', [which, old].filter(Boolean).join(' · ')));
  return cell;
}

function factCell(words, hint = words) {
  const cell = gridCell('row-fact');
  cell.title = hint;
  cell.append(make('span', '', words));
  return cell;
}

const momentCell = (at) => factCell(at ? moment(Date.parse(at)) : '–');

/** One for each column of rules/case_columns.py. */
const CELLS = {
  mark: markCell,
  case: caseCell,
  clock: clockCell,
  case_no: (item) => factCell(item.case_no),
  title: (item) => factCell(item.title),
  status: (item) => factCell(text(`status.${item.status}`)),
  severity: (item) => factCell(text(`severity.${item.severity}`)),
  kind: (item) => factCell(text(`kind.${item.kind}`)),
  category: (item) => factCell(item.category_name || item.category),
  area: (item) => factCell(placeOf(item)),
  holder: (item) => factCell(item.holder?.name || '–'),
  reported_at: (item) => momentCell(item.reported_at),
  due_at: (item) => momentCell(item.due_at),
  settled_at: (item) => momentCell(item.settled_at),
};

/** The cells of a row of a case list, and a word that changes when any of them does. */
export const caseCells = (item, names) => names.map((name) => CELLS[name](item, names));
export const caseSign = (item, names) =>
  JSON.stringify([names, item, timeLeft(item.due_at, item.clock).text, age(item.settled_at || item.reported_at)]);
