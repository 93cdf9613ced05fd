/* Possible duplicates: the case beside each of them, field by field; one of them can be merged into the other. */
import { gridboard } from '../core/gridboard.mjs';

const { make, action } = gridboard.ui;
const FIELDS = ['title', 'category', 'place', 'reported', 'status', 'holder', 'description'];
let base = null;

const body = () => document.querySelector('#compare-dialog .compare');

function value(one, field) {
  if (field === 'category') {
    return one.category_name || one.category;
  }
  if (field === 'place') {
    return one.area_name || one.area;
  }
  if (field === 'reported') {
    return gridboard.moment(one.reported_at);
  }
  if (field === 'status') {
    return gridboard.text(`status.${one.status}`);
  }
  if (field === 'holder') {
    return one.holder?.name || '–';
  }
  return one[field] || '–';
}

function cellOf(one, field, other) {
  const cell = make('td', '', value(one, field));
  if (other && value(one, field) === value(other, field)) {
    cell.className = 'same';
  }
  return cell;
}

function table(found) {
  const grid = make('table', 'compare-table');
  const head = make('tr');
  head.append(
    make('th', '', ''),
    make('th', '', base.case_no),
    ...found.map((one) => make('th', '', one.case.case_no)),
  );
  grid.append(head);
  const near = make('tr');
  near.append(
    make('th', '', gridboard.text('js.compare.near')),
    make('td', '', gridboard.text('js.compare.this')),
    ...found.map((one) => make('td', '', closeness(one))),
  );
  grid.append(near);
  FIELDS.forEach((field) => {
    const row = make('tr');
    row.append(
      make('th', '', gridboard.text(`js.compare.${field}`)),
      cellOf(base, field),
      ...found.map((one) => cellOf(one.case, field, base)),
    );
    grid.append(row);
  });
  grid.append(buttons(found));
  return grid;
}

function closeness({ distance_m: metres, alike }) {
  const far =
    metres === null || metres === undefined
      ? gridboard.text('js.compare.same-grid')
      : gridboard.text('js.compare.metres', { n: Math.round(metres) });
  return `${far} · ${gridboard.text('js.compare.alike', { n: Math.round(alike * 100) })}`;
}

function buttons(found) {
  const row = make('tr', 'compare-buttons');
  row.append(make('th', '', ''), make('td', '', ''));
  found.forEach((one) => {
    const place = make('td');
    const open = make('button', 'button', gridboard.text('js.compare.open'));
    open.type = 'button';
    open.dataset.open = one.case.case_no;
    place.append(open);
    if (base.moves.includes('merge')) {
      const merge = make('button', 'button', gridboard.text('js.compare.merge'));
      merge.type = 'button';
      merge.dataset.into = one.case.case_no;
      place.append(merge);
    }
    row.append(place);
  });
  return row;
}

async function open(no) {
  gridboard.dialogs.open('compare-dialog');
  body().replaceChildren(make('div', 'skeleton-bar'), make('div', 'skeleton-bar'));
  try {
    const path = `/api/cases/${encodeURIComponent(no)}`;
    const [one, alike] = await Promise.all([gridboard.fetchJson(path), gridboard.fetchJson(`${path}/duplicates`)]);
    base = one;
    body().replaceChildren(
      alike.items.length ? table(alike.items) : make('p', 'state-words', gridboard.text('js.compare.none')),
      make('p', 'form-message', ''),
    );
  } catch (failure) {
    body().replaceChildren(make('p', 'form-message', gridboard.moves.words(failure)));
  }
}

/** Closing a case into another is asked for twice. */
async function merge(button) {
  if (!button.classList.contains('sure')) {
    button.classList.add('sure', 'button-main');
    button.textContent = gridboard.text('js.compare.sure', { no: button.dataset.into });
    return;
  }
  button.disabled = true;
  const { case_no: caseNo, version } = base;
  try {
    gridboard.desk.own(caseNo);
    await gridboard.moves.move({
      caseNo,
      version,
      move: 'merge',
      into: button.dataset.into,
      reason: gridboard.text('js.compare.reason'),
    });
    gridboard.dialogs.close();
    gridboard.toast(gridboard.text('js.compare.merged', { no: caseNo, into: button.dataset.into }));
    gridboard.desk.drop(caseNo);
    gridboard.emit('refresh', { caseNo });
    if (gridboard.state().case === caseNo) {
      gridboard.claims.next({ quiet: true, following: true });
    }
  } catch (failure) {
    gridboard.desk.mine.delete(caseNo);
    button.disabled = false;
    body().querySelector('.form-message').textContent = gridboard.moves.words(failure);
  }
}

action('compare', (button) => open(button.closest('[data-case-no]').dataset.caseNo));
document.addEventListener('click', (event) => {
  const hit = (selector) => event.target.closest?.(`#compare-dialog ${selector}`);
  const into = hit('[data-into]');
  if (into) {
    merge(into);
  }
  const other = hit('[data-open]');
  if (other) {
    gridboard.dialogs.close();
    gridboard.go({ case: other.dataset.open });
  }
});

gridboard.compare = { open };
