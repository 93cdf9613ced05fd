/* Possible duplicates: the case beside each of them, field by field; one of them can be merged into the other. */
import { bus } from '../core/bus.mjs';
import { action, delegate, make, makeButton } from '../core/dom.mjs';
import { moment } from '../core/format.mjs';
import { casePath, fetchJson } from '../core/http.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';
import { text } from '../core/words.mjs';
import { failureWords, moveCase } from '../panels/moves.mjs';

const DIALOG = 'compare-dialog';
const FIELDS = {
  title: (one) => one.title,
  category: (one) => one.category_name || one.category,
  place: (one) => one.area_name || one.area,
  reported: (one) => moment(one.reported_at),
  status: (one) => text(`status.${one.status}`),
  holder: (one) => one.holder?.name,
  description: (one) => one.description,
};

const body = () => document.querySelector(`#${DIALOG} .compare`);

function closeness({ distance_m: metres, alike }) {
  const far = Number.isFinite(metres)
    ? text('js.compare.metres', { n: Math.round(metres) })
    : text('js.compare.same-grid');
  return `${far} · ${text('js.compare.alike', { n: Math.round(alike * 100) })}`;
}

function tableRow(head, cells, className = '') {
  const row = make('tr', className);
  row.append(make('th', '', head), ...cells);
  return row;
}

function fieldRow(name, base, found) {
  const value = (one) => FIELDS[name](one) || '–';
  const cells = found.map((one) => make('td', value(one.case) === value(base) ? 'same' : '', value(one.case)));
  return tableRow(text(`js.compare.${name}`), [make('td', '', value(base)), ...cells]);
}

function buttonCell({ case: { case_no: no } }, mergeable) {
  const cell = make('td');
  cell.append(makeButton('button', text('js.compare.open'), { open: no }));
  if (mergeable) {
    cell.append(makeButton('button', text('js.compare.merge'), { into: no }));
  }
  return cell;
}

function table(base, found) {
  const mergeable = base.moves.includes('merge');
  const head = tableRow('', [make('th', '', base.case_no), ...found.map((one) => make('th', '', one.case.case_no))]);
  const near = found.map((one) => make('td', '', closeness(one)));
  const buttons = found.map((one) => buttonCell(one, mergeable));
  const grid = make('table', 'compare-table');
  grid.append(
    head,
    tableRow(text('js.compare.near'), [make('td', '', text('js.compare.this')), ...near]),
    ...Object.keys(FIELDS).map((name) => fieldRow(name, base, found)),
    tableRow('', [make('td'), ...buttons], 'compare-buttons'),
  );
  return grid;
}

export class Compare extends Part {
  #page;
  #base = null;

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    const { address, dialogs } = this.#page;
    action('compare', (button) => this.open(button.closest('[data-case-no]').dataset.caseNo));
    delegate('click', `#${DIALOG} [data-into]`, (button) => this.#merge(button), { signal });
    const openOther = ({ dataset }) => {
      dialogs.close();
      address.navigate({ case: dataset.open });
    };
    delegate('click', `#${DIALOG} [data-open]`, openOther, { signal });
  }

  async open(no) {
    this.#page.dialogs.open(DIALOG);
    body().replaceChildren(make('div', 'skeleton-bar'), make('div', 'skeleton-bar'));
    try {
      const [base, { items }] = await Promise.all([fetchJson(casePath(no)), fetchJson(`${casePath(no)}/duplicates`)]);
      this.#base = base;
      const found = items.length ? table(base, items) : make('p', 'state-words', text('js.compare.none'));
      body().replaceChildren(found, make('p', 'form-message', ''));
    } catch (failure) {
      body().replaceChildren(make('p', 'form-message', failureWords(failure)));
    }
  }

  /** Closing a case into another is asked for twice. */
  async #merge(button) {
    const { into } = button.dataset;
    if (!button.classList.contains('sure')) {
      button.classList.add('sure', 'button-main');
      button.textContent = text('js.compare.sure', { no: into });
      return;
    }
    const { case_no: caseNo, version } = this.#base;
    const { queue } = this.#page;
    button.disabled = true;
    queue.expectOwn(caseNo);
    try {
      await moveCase({ caseNo, version, move: 'merge', into, reason: text('js.compare.reason') });
      this.#merged(caseNo, into);
    } catch (failure) {
      queue.forgetOwn(caseNo);
      button.disabled = false;
      body().querySelector('.form-message').textContent = failureWords(failure);
    }
  }

  #merged(caseNo, into) {
    const { dialogs, toasts, queue, claims } = this.#page;
    dialogs.close();
    toasts.show(text('js.compare.merged', { no: caseNo, into }));
    queue.drop(caseNo);
    bus.emit('refresh', { caseNo });
    if (store.state.case === caseNo) {
      claims.next({ quiet: true, following: true });
    }
  }
}
