/* The handlers' page: moves with their forms, a report from where one stands. */
import { action, delegate, uniqueKey } from '../core/dom.mjs';
import { casePath } from '../core/http.mjs';
import { Part } from '../core/part.mjs';
import { leaveWhenServed } from '../core/reload.mjs';
import { session } from '../core/session.mjs';
import { text } from '../core/words.mjs';
import { Dialogs } from '../panels/dialogs.mjs';
import { barActions } from '../panels/menu.mjs';
import { focusFirst, formOf, openForm, readForm, startForms } from '../panels/move_forms.mjs';
import { failureWords } from '../panels/moves.mjs';
import { ReportForm } from '../panels/report_form.mjs';
import { Toasts } from '../panels/toasts.mjs';
import { Pending } from './pending.mjs';
import { TypedWords } from './typed_words.mjs';

const REPORTED = '/mine?tab=reported';
const LEAVE_MS = 1000;
/** So that a warning can be read. */
const LEAVE_WARNED_MS = 6000;
const POSITION = { enableHighAccuracy: true, timeout: 15000 };

const panel = () => document.querySelector('.mine-case .case');
const idOf = (form) => `${panel().dataset.caseNo}.${form.dataset.form}`;

function say(words) {
  panel().querySelector('.case-message').textContent = words;
}

export class HandlerPage extends Part {
  #dialogs = new Dialogs();
  #toasts = new Toasts();
  #report = new ReportForm();
  #typed;
  #pending;

  constructor(user) {
    super();
    this.#typed = new TypedWords(user);
    this.#pending = new Pending({ user, toasts: this.#toasts, session });
  }

  connect(signal) {
    barActions();
    this.#dialogs.start();
    this.#toasts.start();
    startForms(signal);
    this.#report.start(signal);
    this.#pending.start();
    delegate('click', '.case [data-move]', (button) => this.#run(button.dataset.move), { signal });
    const submitted = (form, event) => {
      event.preventDefault();
      this.#run(form.dataset.form);
    };
    delegate('submit', '.case .move-form', submitted, { signal });
    delegate('input', '.move-form textarea', (box) => this.#keep(box), { signal });
    delegate('click', '[data-leave]', (_link, event) => this.#leave(event), { signal });
    action('open-report', () => this.#openReport());
    action('pick-place', () => this.#findPosition());
    this.#report.onSubmit((button) => this.#submitReport(button), signal);
  }

  #keep(box) {
    this.#typed.keep(idOf(box.closest('.move-form')), box.value);
  }

  /** Whoever leaves the device leaves nothing of a case on it; what was not sent goes only with a person's word. */
  #leave(event) {
    const { size } = this.#pending;
    if (size && !window.confirm(text('js.mine.leave.sure', { n: size }))) {
      event.preventDefault();
      return;
    }
    this.#typed.forget();
    this.#pending.forget();
  }

  async #run(move) {
    const form = formOf(panel(), move);
    if (form?.hidden) {
      openForm(form);
      this.#restore(form);
      return;
    }
    const { given = {}, missing, field } = form ? readForm(form) : {};
    if (missing) {
      say(text('js.form.missing', { field: missing }));
      focusFirst(field);
      return;
    }
    await session;
    // the second press of a double click, or of somebody who does not trust the first
    if (panel().hasAttribute('aria-busy')) {
      return;
    }
    const entry = this.#entry(move, given);
    if (this.#pending.holds(entry.caseNo, move)) {
      say(text('js.mine.kept'));
    } else {
      await this.#send(entry, form);
    }
  }

  #restore(form) {
    const box = form.querySelector('textarea');
    if (box && !box.value) {
      box.value = this.#typed.of(idOf(form));
    }
  }

  #entry(move, given) {
    const { caseNo, version } = panel().dataset;
    return {
      key: uniqueKey(),
      caseNo,
      label: `${caseNo} · ${text(`move.${move}`)}`,
      path: `${casePath(caseNo)}/moves`,
      body: { move, version: Number(version), ...given },
    };
  }

  async #send(entry, form) {
    panel().setAttribute('aria-busy', 'true');
    say(text('js.mine.sending'));
    try {
      const answer = await this.#pending.send(entry);
      if (form) {
        this.#typed.keep(idOf(form), '');
        form.hidden = !answer;
      }
      if (answer) {
        leaveWhenServed(() => window.location.reload());
      } else {
        say(text('js.mine.kept'));
      }
    } catch (failure) {
      say(failureWords(failure));
      this.#takeFresh(failure.problem?.current);
    } finally {
      panel().removeAttribute('aria-busy');
    }
  }

  /** After a conflict what is pressed next is about the case as it is now. */
  #takeFresh(current) {
    if (current?.case_no === panel().dataset.caseNo) {
      panel().dataset.version = current.version;
    }
  }

  #openReport() {
    this.#dialogs.open('report-dialog');
    this.#report.reset();
    document.getElementById('report-title').focus();
  }

  #findPosition() {
    const unknown = () => this.#report.showPlace(text('js.mine.noposition'));
    if (!navigator.geolocation) {
      unknown();
      return;
    }
    this.#report.showPlace(text('js.mine.locating'));
    const found = ({ coords }) => this.#report.takePlace(coords.longitude, coords.latitude);
    navigator.geolocation.getCurrentPosition(found, unknown, POSITION);
  }

  async #submitReport(button) {
    const body = this.#report.read();
    if (!body) {
      return;
    }
    button.disabled = true;
    try {
      const entry = { key: uniqueKey(), label: text('move.report'), path: '/api/cases', body };
      this.#reported(await this.#pending.send(entry));
    } catch (failure) {
      this.#report.say(failureWords(failure));
    } finally {
      button.disabled = false;
    }
  }

  #reported(made) {
    this.#dialogs.close();
    document.getElementById('report-title').value = '';
    document.getElementById('report-description').value = '';
    this.#toasts.show(made ? text('js.reported', { no: made.case_no }) : text('js.mine.kept'));
    if (made) {
      made.warnings.forEach((warning) => this.#toasts.show(warning.text));
      const leave = () => leaveWhenServed(() => window.location.assign(REPORTED));
      setTimeout(leave, made.warnings.length ? LEAVE_WARNED_MS : LEAVE_MS);
    }
  }
}
