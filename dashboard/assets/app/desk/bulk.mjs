/* Several cases at once: to whom, what will happen to each, dispatch with progress, a report, and half a minute to
   take it back. `bulk_rows.mjs` draws, this decides. */
import { bus } from '../core/bus.mjs';
import { action, delegate, make } from '../core/dom.mjs';
import { number } from '../core/format.mjs';
import { Handfuls } from '../core/handfuls.mjs';
import { fetchJson, postOnce, query } from '../core/http.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';
import { text } from '../core/words.mjs';
import { failureWords, moveCase } from '../panels/moves.mjs';
import { UNDO_S } from '../panels/undo_offer.mjs';
import { bestOption, bodyOption, planRow, resultRow } from './bulk_rows.mjs';

const DIALOG = 'bulk-dialog';
const AT_ONCE = 10;
const CONFIRMED_OVER = 10;

const dialog = () => document.getElementById(DIALOG);
const part = (name) => dialog().querySelector(`.bulk-${name}`);
const problemsFirst = (a, b) => Number(Boolean(b.problem)) - Number(Boolean(a.problem));
const isFine = (one) => !one.problem;

function say(words) {
  part('message').textContent = words;
}

function showProgress(done, n) {
  part('bar').firstElementChild.style.width = `${(done / n) * 100}%`;
  part('bar').setAttribute('aria-valuenow', String(Math.round((done / n) * 100)));
  part('told').textContent = text('js.bulk.progress', { done: number(done), n: number(n) });
}

/** What is being prepared: the cases, where they shall go, what would become of each. */
class Batch {
  to = null;
  choice = null;
  plans = [];
  bodies = [];
  confirmed = false;
  sending = false;
  // from the first press on, the same ones until all are answered
  handfuls = null;
  sent = [];
  done = [];

  constructor(cases) {
    this.cases = cases;
  }

  get possible() {
    return this.plans.filter(isFine);
  }

  get isOver() {
    return Boolean(this.handfuls);
  }
}

export class Bulk extends Part {
  #page;
  #batch = null;
  #turn = 0;

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    action('send-bulk', () => this.#submit());
    delegate('change', `#${DIALOG} .bulk-bodies input`, (radio) => this.#choose(radio), { signal });
    delegate('change', `#${DIALOG} .bulk-why input`, (radio) => this.#chooseReason(radio.value), { signal });
    document.addEventListener('keydown', (event) => this.#pressed(event), { signal, capture: true });
  }

  async open(cases) {
    const { toasts, dialogs } = this.#page;
    if (!cases.length) {
      toasts.show(text('js.bulk.none'));
      return;
    }
    const batch = new Batch(cases);
    this.#batch = batch;
    this.#clear();
    dialogs.open(DIALOG);
    await this.#plan();
    // the recommendation is enough without them
    const bodies = await fetchJson(`/api/bodies${query(this.#sought(cases))}`).catch(() => ({ items: [] }));
    if (this.#batch === batch) {
      batch.bodies = bodies.items;
      this.#drawBodies();
      this.#focusChosen();
    }
  }

  #clear() {
    part('rows').replaceChildren(make('div', 'skeleton-bar'), make('div', 'skeleton-bar'));
    part('bodies').replaceChildren();
    part('told').textContent = '';
    part('bar').hidden = true;
    part('why').hidden = true;
    this.#leaving.hidden = false;
    this.#mark(null);
  }

  get #leaving() {
    return dialog().querySelector('.dialog-foot .button:not(.bulk-submit)');
  }

  /** The bodies of the present area; only those whose duties cover it when all cases are of one category. */
  #sought(cases) {
    const categories = new Set(cases.map((no) => this.#page.queue.find(no)?.category));
    const [category] = categories;
    return { area: store.state.area, category: categories.size === 1 ? category : null };
  }

  async #plan() {
    const batch = this.#batch;
    this.#turn += 1;
    const turn = this.#turn;
    const current = () => turn === this.#turn;
    part('submit').disabled = true;
    part('rows').setAttribute('aria-busy', 'true');
    batch.confirmed = false;
    say('');
    try {
      const body = { cases: batch.cases, ...(batch.to ? { to: batch.to } : {}) };
      const { items } = await fetchJson('/api/bulk/preview', { method: 'POST', body });
      if (current()) {
        batch.plans = items;
        this.#draw();
      }
    } catch (failure) {
      if (current()) {
        say(failureWords(failure));
      }
    } finally {
      if (current()) {
        part('rows').removeAttribute('aria-busy');
      }
    }
  }

  #draw() {
    const { plans, possible, to } = this.#batch;
    const bodies = new Set(possible.map((plan) => plan.to)).size;
    this.#drawBodies();
    part('why').hidden = !to;
    part('told').textContent = text('js.bulk.told', {
      can: number(possible.length),
      cannot: number(plans.length - possible.length),
      bodies: number(bodies),
      n: number(bodies),
    });
    part('rows').replaceChildren(...[...plans].sort(problemsFirst).map(planRow));
    this.#drawButton();
  }

  #drawBodies() {
    const { bodies, to, possible } = this.#batch;
    const options = bodies.map((body) => {
      const chosen = body.organisation === to;
      return bodyOption(body, { chosen, adds: chosen ? possible.length : 0 });
    });
    part('bodies').replaceChildren(bestOption({ chosen: !to }), ...options);
  }

  #drawButton() {
    const n = this.#batch.possible.length;
    const submit = part('submit');
    submit.disabled = !n;
    submit.dataset.action = 'send-bulk';
    submit.textContent = text(this.#batch.confirmed ? 'js.bulk.sure' : 'js.bulk.send', { n: number(n) });
  }

  #focusChosen() {
    part('bodies').querySelector(':checked')?.focus();
  }

  #mark(code) {
    this.#batch.choice = code;
    for (const radio of part('why').querySelectorAll('input')) {
      radio.checked = radio.value === code;
    }
  }

  #chooseReason(code) {
    this.#mark(code);
    say('');
  }

  #choose(radio) {
    const batch = this.#batch;
    if (batch.isOver) {
      this.#drawBodies();
      return;
    }
    batch.to = Number(radio.value) || null;
    if (!batch.to) {
      this.#mark(null);
    }
    this.#drawBodies();
    this.#focusChosen();
    this.#plan();
  }

  #pressed(event) {
    const sends = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
    if (this.#batch && sends && this.#page.dialogs.isOpen(DIALOG)) {
      event.preventDefault();
      part('submit').click();
    }
  }

  #submit() {
    const batch = this.#batch;
    if (!batch || batch.sending) {
      return;
    }
    if (batch.handfuls) {
      this.#send();
    } else if (batch.to && !batch.choice) {
      say(text('js.bulk.why'));
      part('why').querySelector('input').focus();
    } else if (batch.possible.length > CONFIRMED_OVER && !batch.confirmed) {
      batch.confirmed = true;
      this.#drawButton();
    } else {
      this.#send();
    }
  }

  /** In handfuls, so that the bar tells the truth. One without an answer may have been done: it is sent again as it
      was, and the report waits for it. */
  async #send() {
    const batch = this.#batch;
    this.#begin(batch);
    try {
      const answers = await batch.handfuls.send(
        (items, key) => this.#post(items, key, batch.choice),
        (done) => batch === this.#batch && showProgress(done, batch.sent.length),
      );
      if (batch === this.#batch) {
        this.#report(answers, batch.sent);
      }
    } catch (failure) {
      this.#failed(batch, failure);
    } finally {
      batch.sending = false;
    }
  }

  #begin(batch) {
    if (!batch.handfuls) {
      batch.sent = batch.possible;
      const items = batch.sent.map(({ case_no, version, to }) => ({ case_no, version, to }));
      batch.handfuls = new Handfuls(items, AT_ONCE);
    }
    batch.sending = true;
    say('');
    part('submit').disabled = true;
    part('bar').hidden = false;
    part('bar').setAttribute('role', 'progressbar');
    showProgress(batch.handfuls.answers.length, batch.sent.length);
  }

  async #post(items, key, choice) {
    items.forEach((one) => this.#page.queue.expectOwn(one.case_no));
    return (await postOnce('/api/bulk', { items, ...(choice ? { choice } : {}) }, key)).items;
  }

  #failed(batch, failure) {
    bus.emit('refresh');
    if (batch === this.#batch) {
      say(failureWords(failure));
      part('submit').textContent = text('js.unsent.again');
      part('submit').disabled = false;
      part('submit').focus();
    }
  }

  #report(answers, plans) {
    const { queue, toasts } = this.#page;
    const done = answers.filter(isFine).map((one) => ({ caseNo: one.case_no, version: one.case.version }));
    const figures = { done: number(done.length), n: number(plans.length), failed: number(plans.length - done.length) };
    answers.filter((one) => one.problem).forEach((one) => queue.forgetOwn(one.case_no));
    this.#batch.done = done;
    this.#drawResults(answers, plans, text('js.bulk.report', figures));
    store.select([]);
    bus.emit('refresh');
    if (done.length) {
      const options = { bad: done.length < plans.length, undo: () => this.#recall(done), seconds: UNDO_S };
      toasts.show(text('js.tray.result', figures), options);
    }
    this.#follow(done);
  }

  #drawResults(answers, plans, words) {
    const planOf = new Map(plans.map((plan) => [plan.case_no, plan]));
    part('bodies').replaceChildren();
    part('why').hidden = true;
    part('told').textContent = words;
    const rows = answers.sort(problemsFirst).map((one) => resultRow(one, planOf.get(one.case_no) || {}));
    part('rows').replaceChildren(...rows);
    this.#leaving.hidden = true;
    const submit = part('submit');
    submit.disabled = false;
    submit.dataset.action = 'close-dialog';
    submit.textContent = text('js.bulk.close');
    submit.focus();
  }

  /** The open case was among them: the next one opens. */
  #follow(done) {
    if (this.#page.onDesk && done.some((one) => one.caseNo === store.state.case)) {
      done.forEach((one) => this.#page.queue.drop(one.caseNo));
      this.#page.claims.next({ quiet: true, following: true });
    }
  }

  async #recall(done) {
    const { queue, toasts, dialogs } = this.#page;
    let [back, refused] = [0, null];
    for (const one of done) {
      try {
        await moveCase({ ...one, move: 'recall' });
        back += 1;
        queue.forgetOwn(one.caseNo);
      } catch (failure) {
        refused = failure;
      }
    }
    const words = text('js.bulk.recalled', { n: number(back) });
    toasts.show(refused ? `${words} ${failureWords(refused)}` : words, { bad: Boolean(refused) });
    if (dialogs.isOpen(DIALOG)) {
      dialogs.close();
    }
    bus.emit('refresh');
  }
}
