/* Cells of the lists: mark, case and place, clock. React elements from data; what people wrote stays text. */
import { gridboard } from '../core/gridboard.mjs';

const cells = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
const h = (...parts) => window.React.createElement(...parts);

function words(milliseconds) {
  const minutes = Math.floor(Math.abs(milliseconds) / 60000);
  if (minutes < 60) {
    return gridboard.text('js.minutes', { n: minutes });
  }
  if (minutes < 2880) {
    return gridboard.text('js.hours', { n: Math.floor(minutes / 60) });
  }
  return gridboard.text('js.days', { n: Math.floor(minutes / 1440) });
}

function clock(row) {
  if (!row.due_at) {
    return { className: '', text: '–' };
  }
  const left = Date.parse(row.due_at) - gridboard.now();
  if (left < 0) {
    return { className: 'late', text: gridboard.text('js.overdue', { length: words(left) }) };
  }
  return { className: left < 3600000 ? 'soon' : '', text: gridboard.text('js.left', { length: words(left) }) };
}

gridboard.clock = clock;
gridboard.length = words;

cells.GridboardMark = function GridboardMark(props) {
  const row = props.data;
  if (!row) {
    return null;
  }
  const name = `${gridboard.text(`kind.${row.kind}`)} · ${gridboard.text(`severity.${row.severity}`)}`;
  const hollow = row.status === 'waiting' ? ' mark-hollow' : '';
  return h('span', {
    className: `mark mark-${row.kind} mark-${row.severity}${hollow}`,
    role: 'img',
    'aria-label': name,
    title: name,
  });
};

cells.GridboardTitle = function GridboardTitle(props) {
  const row = props.data;
  if (!row) {
    return h('span', { className: 'row-wait' });
  }
  const place = row.area && typeof row.area === 'object' ? row.area.name : row.area_name || row.area;
  const status = gridboard.text(`status.${row.status}`);
  return h(
    'span',
    { className: 'row-text', title: `${row.case_no} ${row.title}` },
    h('span', { className: 'row-title' }, row.title || row.case_no),
    h('span', { className: 'row-place' }, [place, status].filter(Boolean).join(' · ')),
  );
};

cells.GridboardClock = function GridboardClock(props) {
  const row = props.data;
  if (!row) {
    return null;
  }
  const due = clock(row);
  const age = row.reported_at ? words(gridboard.now() - Date.parse(row.reported_at)) : '';
  return h(
    'span',
    { className: 'row-clock', title: row.due_at && gridboard.deadline ? gridboard.deadline(row.due_at) : '' },
    h('span', { className: due.className }, due.text),
    h('span', null, gridboard.text('js.age', { length: age })),
  );
};
