/* The rows of the dialog of several cases: bodies with their load, what is planned for each case, what became of it. */
import { make } from '../core/dom.mjs';
import { number } from '../core/format.mjs';
import { text } from '../core/words.mjs';
import { failureWords } from '../panels/moves.mjs';

function loadBar(before, after, capacity) {
  const width = (n) => `${Math.min(100, capacity ? (n / capacity) * 100 : 0)}%`;
  const [then, now] = [make('div', 'load-then'), make('div', 'load-fill')];
  then.style.width = width(after);
  now.style.width = width(before);
  const bar = make('div', 'load bulk-load');
  bar.classList.toggle('load-full', Boolean(capacity) && after >= capacity);
  bar.append(then, now);
  return bar;
}

function loadWords(before, after, capacity) {
  const most = capacity ? number(capacity) : '–';
  const words =
    after === before
      ? text('js.load', { load: number(before), capacity: most })
      : text('js.bulk.load', { before: number(before), after: number(after), capacity: most });
  if (!capacity || after < capacity) {
    return words;
  }
  return `${words} · ${text(after > capacity ? 'js.bulk.over' : 'js.bulk.full')}`;
}

function option(name, to, chosen) {
  const [row, radio, card] = [make('label', 'option'), make('input'), make('div', 'candidate bulk-body')];
  Object.assign(radio, { type: 'radio', name: 'bulk-to', value: to, checked: chosen });
  const [inside, line] = [make('div', 'candidate-body'), make('div', 'candidate-line')];
  line.append(make('span', 'candidate-name', name));
  inside.append(line);
  card.append(inside);
  row.append(radio, card);
  return { row, inside, line };
}

/** Each case to the body that is recommended for it. */
export function bestOption({ chosen }) {
  const { row, inside } = option(text('js.bulk.best'), '', chosen);
  inside.append(make('div', 'quiet', text('js.bulk.best.hint')));
  return row;
}

export function bodyOption({ organisation, name, open_load: before, capacity }, { chosen, adds }) {
  const { row, inside, line } = option(name, organisation, chosen);
  line.append(make('span', 'quiet', loadWords(before, before + adds, capacity)));
  inside.append(loadBar(before, before + adds, capacity));
  return row;
}

function caseRow({ case_no: caseNo, problem }, title, state) {
  const row = make('div', problem ? 'bulk-row bad' : `bulk-row ${state}`.trim());
  row.dataset.caseNo = caseNo;
  const [what, to] = [make('div', 'bulk-what'), make('div', 'bulk-to')];
  what.append(make('span', 'bulk-title', title || caseNo), make('span', 'quiet', caseNo));
  row.append(what, to);
  return { row, to };
}

/** A case of which nothing can come, and why. */
export function problemRow(one, title, problem) {
  const { row, to } = caseRow({ ...one, problem }, title, '');
  to.append(make('span', 'bulk-why-not', failureWords({ status: problem.status, problem })));
  return row;
}

/** A case with a few words beside it: [words, class name]. */
export function noteRow(one, title, notes) {
  const { row, to } = caseRow({ ...one, problem: null }, title, '');
  to.append(...notes.map(([words, className]) => make('span', className, words)));
  return row;
}

export function planRow(plan) {
  const { row, to } = caseRow(plan, plan.title, '');
  const { problem, load, load_after: after, capacity } = plan;
  if (problem) {
    to.append(make('span', 'bulk-why-not', problem.detail || problem.title));
    return row;
  }
  to.append(make('span', '', plan.name), make('span', 'quiet', loadWords(load, after, capacity)));
  to.append(loadBar(load, after, capacity));
  if (plan.goes_up) {
    to.append(make('span', 'late', text('js.bulk.goes-up')));
  }
  return row;
}

export function resultRow(answer, { title, name }) {
  const { row, to } = caseRow(answer, title, 'done');
  const { problem, case: now } = answer;
  to.append(
    problem
      ? make('span', 'bulk-why-not', failureWords({ status: problem.status, problem }))
      : make('span', 'tier-text-normal', text('js.bulk.done', { to: now.holder?.name || name })),
  );
  return row;
}
