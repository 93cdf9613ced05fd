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

function markCell(item) {
  const cell = gridCell('cell-mark');
  cell.title = markName(item);
  cell.append(mark(item));
  return cell;
}

function textCell(item) {
  const cell = gridCell('row-text');
  const place = item.area?.name || item.area_name || item.area;
  cell.title = `${item.case_no} ${item.title}`;
  cell.append(
    make('span', 'row-title', item.title || item.case_no),
    make('span', 'row-place', [place, text(`status.${item.status}`)].filter(Boolean).join(' · ')),
  );
  return cell;
}

const sinceSettled = (at) => text('js.settled-ago', { length: duration(store.now() - Date.parse(at)) });

/** What is settled has no clock: how long ago, and when. */
function clockCell(item) {
  const cell = gridCell('row-clock');
  if (item.settled_at) {
    cell.append(make('span', '', sinceSettled(item.settled_at)), make('span', '', moment(Date.parse(item.settled_at))));
    return cell;
  }
  cell.append(clock(item), make('span', '', item.reported_at ? age(item.reported_at) : ''));
  return cell;
}

/** The cells of a row of a case list, and a word that changes when any of them does. */
export const caseCells = (item) => [markCell(item), textCell(item), clockCell(item)];
export const caseSign = (item) =>
  JSON.stringify([item, timeLeft(item.due_at, item.clock).text, age(item.settled_at || item.reported_at)]);
