/* Several cases at once: to whom, what will happen to each, dispatch with progress, a report, and half a minute to take it back. */
import { gridboard } from '../core/gridboard.mjs';

const { make, action } = gridboard.ui;
const AT_ONCE = 10;
const CONFIRMED_OVER = 10;
const UNDO_S = 30;

let batch = null;
let turn = 0;

const dialog = () => document.getElementById('bulk-dialog');
const part = (name) => dialog().querySelector(`.bulk-${name}`);
const number = (n) => new Intl.NumberFormat(document.documentElement.lang).format(n);
const say = (words) => {
  part('message').textContent = words;
};
const possible = () => batch.plans.filter((plan) => !plan.problem);

function load(before, after, capacity) {
  const bar = make('div', 'load bulk-load');
  const share = (n) => `${Math.min(100, capacity ? (n / capacity) * 100 : 0)}%`;
  const then = make('div', 'load-then');
  const now = make('div', 'load-fill');
  then.style.width = share(after);
  now.style.width = share(before);
  bar.classList.toggle('load-full', Boolean(capacity) && after >= capacity);
  bar.append(then, now);
  return bar;
}

function loadWords(before, after, capacity) {
  const words =
    after === before
      ? gridboard.text('js.load', { load: number(before), capacity: capacity ? number(capacity) : '–' })
      : gridboard.text('js.bulk.load', {
          before: number(before),
          after: number(after),
          capacity: capacity ? number(capacity) : '–',
        });
  const over = capacity && after > capacity ? 'js.bulk.over' : capacity && after === capacity ? 'js.bulk.full' : '';
  return over ? `${words} · ${gridboard.text(over)}` : words;
}

function option({ organisation, name, open_load: before, capacity }, adds) {
  const row = make('button', 'candidate bulk-body');
  row.type = 'button';
  row.setAttribute('role', 'radio');
  row.dataset.to = organisation || '';
  row.setAttribute('aria-checked', String((batch.to || null) === (organisation || null)));
  row.tabIndex = (batch.to || null) === (organisation || null) ? 0 : -1;
  const inside = make('div', 'candidate-body');
  const line = make('div', 'candidate-line');
  line.append(make('span', 'candidate-name', name));
  inside.append(line);
  if (organisation) {
    line.append(make('span', 'quiet', loadWords(before, before + adds, capacity)));
    inside.append(load(before, before + adds, capacity));
  } else {
    inside.append(make('div', 'quiet', gridboard.text('js.bulk.best.hint')));
  }
  row.append(inside);
  return row;
}

function bodies() {
  const box = part('bodies');
  const best = option({ name: gridboard.text('js.bulk.best') }, 0);
  box.replaceChildren(
    best,
    ...batch.bodies.map((body) => option(body, body.organisation === batch.to ? possible().length : 0)),
  );
}

function planRow(plan) {
  const row = make('div', plan.problem ? 'bulk-row bad' : 'bulk-row');
  row.dataset.caseNo = plan.case_no;
  const what = make('div', 'bulk-what');
  what.append(make('span', 'bulk-title', plan.title || plan.case_no), make('span', 'quiet', plan.case_no));
  const to = make('div', 'bulk-to');
  if (plan.problem) {
    to.append(make('span', 'bulk-why-not', plan.problem.detail || plan.problem.title));
  } else {
    to.append(
      make('span', '', plan.name),
      make('span', 'quiet', loadWords(plan.load, plan.load_after, plan.capacity)),
      load(plan.load, plan.load_after, plan.capacity),
    );
    if (plan.goes_up) {
      to.append(make('span', 'late', gridboard.text('js.bulk.goes-up')));
    }
  }
  row.append(what, to);
  return row;
}

function draw() {
  const can = possible().length;
  const cannot = batch.plans.length - can;
  bodies();
  part('why').hidden = !batch.to;
  part('told').textContent = gridboard.text('js.bulk.told', {
    can: number(can),
    cannot: number(cannot),
    n: number(new Set(possible().map((plan) => plan.to)).size),
  });
  part('rows').replaceChildren(
    ...[...batch.plans].sort((a, b) => Number(Boolean(b.problem)) - Number(Boolean(a.problem))).map(planRow),
  );
  button(can);
}

function button(can) {
  const submit = part('submit');
  submit.disabled = !can;
  submit.dataset.action = 'send-bulk';
  submit.textContent = gridboard.text(batch.sure ? 'js.bulk.sure' : 'js.bulk.send', { n: number(can) });
}

async function plan() {
  const mine = (turn += 1);
  part('submit').disabled = true;
  part('rows').setAttribute('aria-busy', 'true');
  batch.sure = false;
  say('');
  try {
    const answer = await gridboard.fetchJson('/api/bulk/preview', {
      method: 'POST',
      body: { cases: batch.cases, ...(batch.to ? { to: batch.to } : {}) },
    });
    if (mine !== turn) {
      return;
    }
    batch.plans = answer.items;
    draw();
  } catch (failure) {
    if (mine === turn) {
      say(gridboard.moves.words(failure));
    }
  } finally {
    if (mine === turn) {
      part('rows').removeAttribute('aria-busy');
    }
  }
}

/** The bodies of the present area; only those whose duties cover it when all cases are of one category. */
function sought(cases) {
  const { area } = gridboard.state();
  const matters = new Set(cases.map((no) => gridboard.desk.find(no)?.category));
  const [category] = matters;
  return { ...(area ? { area } : {}), ...(matters.size === 1 && category ? { category } : {}) };
}

const leaving = () => dialog().querySelector('.dialog-foot .button:not(.bulk-submit)');

async function open(cases) {
  if (!cases.length) {
    gridboard.toast(gridboard.text('js.bulk.none'));
    return;
  }
  batch = { cases, to: null, plans: [], bodies: [], choice: null, sure: false, sending: false, done: [] };
  part('rows').replaceChildren(make('div', 'skeleton-bar'), make('div', 'skeleton-bar'));
  part('bodies').replaceChildren();
  part('told').textContent = '';
  part('bar').hidden = true;
  part('why').hidden = true;
  leaving().hidden = false;
  mark(null);
  gridboard.dialogs.open('bulk-dialog');
  const mine = batch;
  await plan();
  try {
    const answer = await gridboard.fetchJson(`/api/bodies?${new URLSearchParams(sought(cases))}`);
    if (batch !== mine) {
      return;
    }
    batch.bodies = answer.items;
    bodies();
  } catch (_failure) {
    /* the recommendation is enough */
  }
  const first = part('bodies').querySelector('[aria-checked="true"]');
  if (first) {
    first.focus();
  }
}

function mark(code) {
  batch.choice = code;
  dialog()
    .querySelectorAll('[data-choice]')
    .forEach((one) => one.setAttribute('aria-pressed', String(one.dataset.choice === code)));
}

/** In handfuls, so that the bar tells the truth; each handful has a key of its own and one effect. */
async function send() {
  const items = possible().map((one) => ({ case_no: one.case_no, version: one.version, to: one.to }));
  const names = new Map(possible().map((one) => [one.case_no, one]));
  const answers = [];
  batch.sending = true;
  part('submit').disabled = true;
  part('bar').hidden = false;
  part('bar').setAttribute('role', 'progressbar');
  try {
    for (let from = 0; from < items.length; from += AT_ONCE) {
      const handful = items.slice(from, from + AT_ONCE);
      handful.forEach((one) => gridboard.desk.own(one.case_no));
      const answer = await gridboard.moves.send('/api/bulk', {
        items: handful,
        ...(batch.choice ? { choice: batch.choice } : {}),
      });
      answers.push(...answer.items);
      part('bar').firstElementChild.style.width = `${(answers.length / items.length) * 100}%`;
      part('bar').setAttribute('aria-valuenow', String(Math.round((answers.length / items.length) * 100)));
      part('told').textContent = gridboard.text('js.bulk.progress', {
        done: number(answers.length),
        n: number(items.length),
      });
    }
  } catch (failure) {
    say(gridboard.moves.words(failure));
  }
  report(answers, names, items.length);
}

function resultRow(answer, plan) {
  const row = make('div', answer.problem ? 'bulk-row bad' : 'bulk-row done');
  row.dataset.caseNo = answer.case_no;
  const what = make('div', 'bulk-what');
  what.append(make('span', 'bulk-title', plan.title || answer.case_no), make('span', 'quiet', answer.case_no));
  const to = make('div', 'bulk-to');
  to.append(
    answer.problem
      ? make('span', 'bulk-why-not', gridboard.moves.words({ status: answer.problem.status, problem: answer.problem }))
      : make(
          'span',
          'tier-text-normal',
          gridboard.text('js.bulk.done', { to: answer.case.holder ? answer.case.holder.name : plan.name }),
        ),
  );
  row.append(what, to);
  return row;
}

function report(answers, names, asked) {
  const done = answers.filter((one) => !one.problem).map((one) => ({ caseNo: one.case_no, version: one.case.version }));
  answers.filter((one) => one.problem).forEach((one) => gridboard.desk.mine.delete(one.case_no));
  batch.sending = false;
  batch.done = done;
  part('bodies').replaceChildren();
  part('why').hidden = true;
  part('told').textContent = gridboard.text('js.bulk.report', {
    done: number(done.length),
    n: number(asked),
    failed: number(asked - done.length),
  });
  part('rows').replaceChildren(
    ...answers
      .sort((a, b) => Number(Boolean(b.problem)) - Number(Boolean(a.problem)))
      .map((one) => resultRow(one, names.get(one.case_no) || {})),
  );
  leaving().hidden = true;
  const submit = part('submit');
  submit.disabled = false;
  submit.dataset.action = 'close-dialog';
  submit.textContent = gridboard.text('js.bulk.close');
  submit.focus();
  gridboard.select([]);
  gridboard.emit('refresh', {});
  if (done.length) {
    gridboard.toast(gridboard.text('js.tray.result', { done: number(done.length), n: number(asked) }), {
      bad: done.length < asked,
      undo: () => recall(done),
      seconds: UNDO_S,
    });
  }
  follow(done);
}

/** The open case was among them: the next one opens. */
function follow(done) {
  if (gridboard.desk.here() && done.some((one) => one.caseNo === gridboard.state().case)) {
    done.forEach((one) => gridboard.desk.drop(one.caseNo));
    gridboard.claims.next({ quiet: true, following: true });
  }
}

async function recall(done) {
  let back = 0;
  let refused = null;
  for (const one of done) {
    try {
      await gridboard.moves.move({ ...one, move: 'recall' });
      back += 1;
      gridboard.desk.mine.delete(one.caseNo);
    } catch (failure) {
      refused = failure;
    }
  }
  gridboard.toast(
    gridboard.text('js.bulk.recalled', { n: number(back) }) + (refused ? ` ${gridboard.moves.words(refused)}` : ''),
    { bad: Boolean(refused) },
  );
  if (gridboard.dialogs.current() === dialog()) {
    gridboard.dialogs.close();
  }
  gridboard.emit('refresh', {});
}

function choose(row) {
  if (batch.sending || batch.done.length) {
    return;
  }
  batch.to = Number(row.dataset.to) || null;
  if (!batch.to) {
    mark(null);
  }
  bodies();
  const now = part('bodies').querySelector('[aria-checked="true"]');
  if (now) {
    now.focus();
  }
  plan();
}

action('send-bulk', () => {
  if (!batch || batch.sending) {
    return;
  }
  if (batch.to && !batch.choice) {
    say(gridboard.text('js.bulk.why'));
    part('why').querySelector('button').focus();
    return;
  }
  if (possible().length > CONFIRMED_OVER && !batch.sure) {
    batch.sure = true;
    button(possible().length);
    return;
  }
  send();
});
document.addEventListener('click', (event) => {
  const hit = (selector) => event.target.closest?.(selector);
  const body = hit('#bulk-dialog .bulk-body');
  if (body) {
    choose(body);
  }
  const why = hit('#bulk-dialog [data-choice]');
  if (why) {
    mark(why.dataset.choice);
    say('');
  }
});
document.addEventListener(
  'keydown',
  (event) => {
    const row = event.target.closest?.('#bulk-dialog .bulk-body');
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (row && by) {
      event.preventDefault();
      event.stopPropagation();
      const all = [...part('bodies').children];
      choose(all[(all.indexOf(row) + by + all.length) % all.length]);
    }
    if (
      batch &&
      event.key === 'Enter' &&
      (event.ctrlKey || event.metaKey) &&
      gridboard.dialogs.current() === dialog()
    ) {
      event.preventDefault();
      part('submit').click();
    }
  },
  true,
);

gridboard.bulk = { open };
