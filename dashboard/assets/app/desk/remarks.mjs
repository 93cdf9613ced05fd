/* One remark on several cases (a reminder, a supervision, a comment): on which it can be made, who hears of it, and
   what became of each. */
import { bus } from '../core/bus.mjs';
import { action } from '../core/dom.mjs';
import { number, timeLeft } from '../core/format.mjs';
import { Handfuls } from '../core/handfuls.mjs';
import { fetchJson, isRefusal, postOnce } from '../core/http.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';
import { text } from '../core/words.mjs';
import { typeInto } from '../panels/move_forms.mjs';
import { failureWords } from '../panels/moves.mjs';
import { noteRow, problemRow } from './bulk_rows.mjs';

const DIALOG = 'remarks-dialog';
const AT_ONCE = 20;
/** What each remark has to say; a reminder speaks for itself. */
const NEEDS_REASON = ['supervise', 'comment'];

const dialog = () => document.getElementById(DIALOG);
const part = (name) => dialog().querySelector(`.remarks-${name}`);
const reasonBox = () => document.getElementById('remarks-reason');
const chosenForm = () => part('form').querySelector('input:checked')?.value;
const nameOf = (move) => text(`move.${move}`);
const isFine = (one) => !one.problem;

function say(words) {
  part('message').textContent = words;
}

/** What was sent and not answered stays what it is. */
function lock(isLocked) {
  reasonBox().readOnly = isLocked;
  part('form').querySelector('fieldset').disabled = isLocked;
}

function planRow(plan) {
  if (plan.problem) {
    return problemRow(plan, plan.title, plan.problem);
  }
  const left = timeLeft(plan.due_at, plan.clock);
  return noteRow(plan, plan.title, [
    [text('js.remarks.holder', { holder: plan.holder || '–' }), ''],
    [left.text, left.className || 'quiet'],
  ]);
}

export class Remarks extends Part {
  #page;
  #move = '';
  #plans = [];
  #handfuls = null;
  #sending = false;

  constructor(page) {
    super();
    this.#page = page;
  }

  connect() {
    action('open-remarks', (button) => this.open(button.dataset.remark, store.state.selection));
    action('send-remarks', () => this.#submit());
  }

  async open(move, cases) {
    const { dialogs, toasts } = this.#page;
    if (!cases.length) {
      toasts.show(text('js.bulk.none'));
      return;
    }
    this.#move = move;
    this.#plans = [];
    this.#handfuls = null;
    lock(false);
    dialogs.open(DIALOG);
    this.#drawHead(cases.length);
    await this.#plan(cases);
  }

  #drawHead(n) {
    dialog().querySelector('.dialog-head h2').textContent = text('js.remarks.title', {
      move: nameOf(this.#move),
      n: number(n),
    });
    part('form').hidden = this.#move !== 'supervise';
    part('reason').hidden = !NEEDS_REASON.includes(this.#move);
    part('privacy').hidden = part('reason').hidden;
    part('told').textContent = '';
    part('rows').replaceChildren();
    Object.assign(part('submit').dataset, { action: 'send-remarks' });
    part('submit').disabled = true;
    say('');
  }

  async #plan(cases) {
    const move = this.#move;
    part('rows').setAttribute('aria-busy', 'true');
    try {
      const { items } = await fetchJson('/api/remarks/preview', { method: 'POST', body: { move, cases } });
      if (move === this.#move) {
        this.#plans = items;
        this.#draw();
      }
    } catch (failure) {
      say(failureWords(failure));
    } finally {
      part('rows').removeAttribute('aria-busy');
    }
  }

  get #possible() {
    return this.#plans.filter(isFine);
  }

  #draw() {
    const [can, all] = [this.#possible.length, this.#plans.length];
    const move = nameOf(this.#move);
    part('told').textContent = text('js.remarks.told', { move, can: number(can), cannot: number(all - can) });
    part('rows').replaceChildren(...this.#plans.map(planRow));
    part('submit').disabled = !can;
    part('submit').textContent = text('js.remarks.send', { move, n: number(can) });
    (NEEDS_REASON.includes(this.#move) ? reasonBox() : part('submit')).focus();
  }

  /** What is said to all of them; null, with a word about it, while something is missing. */
  #read() {
    const reason = reasonBox().value.trim();
    const form = chosenForm();
    if (this.#move === 'supervise' && !form) {
      say(text('js.form.missing', { field: part('form').querySelector('legend').textContent }));
      part('form').querySelector('input').focus();
      return null;
    }
    if (NEEDS_REASON.includes(this.#move) && !reason) {
      say(text('js.form.missing', { field: part('label').textContent }));
      reasonBox().focus();
      return null;
    }
    return { ...(reason ? { reason } : {}), ...(this.#move === 'supervise' ? { form } : {}) };
  }

  async #submit() {
    const given = this.#sending ? null : this.#read();
    if (!given) {
      return;
    }
    const items = this.#possible.map(({ case_no, version }) => ({ case_no, version }));
    this.#handfuls ??= new Handfuls(items, AT_ONCE);
    const handfuls = this.#handfuls;
    const ours = () => handfuls === this.#handfuls;
    this.#sending = true;
    part('submit').disabled = true;
    say('');
    try {
      const answers = await this.#send(handfuls, { move: this.#move, ...given });
      if (ours()) {
        this.#report(answers);
      }
    } catch (failure) {
      if (ours()) {
        this.#failed(failure);
      }
    } finally {
      this.#sending = false;
    }
  }

  #send(handfuls, given) {
    const post = async (items, key) => (await postOnce('/api/remarks', { ...given, items }, key)).items;
    return handfuls.send(post);
  }

  /** What may have been done is sent again as it was; what was refused may say something else. */
  #failed(failure) {
    const refused = isRefusal(failure);
    if (refused) {
      this.#handfuls.renew();
    }
    lock(!refused);
    say(failureWords(failure));
    part('submit').disabled = false;
    part('submit').focus();
  }

  #report(answers) {
    const done = answers.filter(isFine).length;
    const words = text('js.remarks.report', {
      move: nameOf(this.#move),
      done: number(done),
      n: number(answers.length),
    });
    this.#drawResults(answers);
    part('told').textContent = words;
    if (!done) {
      this.#refusedAll(answers);
      return;
    }
    this.#finish();
    this.#page.toasts.show(words, { bad: done < answers.length });
  }

  /** What was said stays, to be said otherwise. */
  #refusedAll([{ problem }]) {
    this.#handfuls = null;
    lock(false);
    say(failureWords({ status: problem.status, problem }));
    part('submit').disabled = false;
    (part('reason').hidden ? part('submit') : reasonBox()).focus();
  }

  #drawResults(answers) {
    const titles = new Map(this.#plans.map((plan) => [plan.case_no, plan.title]));
    const row = (one) =>
      one.problem
        ? problemRow(one, titles.get(one.case_no), one.problem)
        : noteRow(one, titles.get(one.case_no), [
            [text('js.remarks.done', { move: nameOf(this.#move) }), 'tier-text-normal'],
          ]);
    part('rows').replaceChildren(...answers.map(row));
  }

  #finish() {
    lock(false);
    typeInto(reasonBox(), '');
    const submit = part('submit');
    submit.disabled = false;
    submit.dataset.action = 'close-dialog';
    submit.textContent = text('js.bulk.close');
    submit.focus();
    store.select([]);
    bus.emit('refresh');
    this.#page.casePanel.refresh();
  }
}
