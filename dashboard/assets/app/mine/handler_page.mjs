/* The handlers' page: moves with their forms, a report from where one stands. */
import { bus } from '../core/bus.mjs';
import { Clocks } from '../core/clocks.mjs';
import { action, delegate } from '../core/dom.mjs';
import { Part } from '../core/part.mjs';
import { leaveWhenServed } from '../core/reload.mjs';
import { session } from '../core/session.mjs';
import { text } from '../core/words.mjs';
import { Dialogs } from '../panels/dialogs.mjs';
import { draftOf } from '../panels/draft_store.mjs';
import { Drafts } from '../panels/drafts.mjs';
import { confirmLeaving } from '../panels/leaving.mjs';
import { barActions } from '../panels/menu.mjs';
import { focusFirst, formOf, hideForm, openForm, readForm, startForms } from '../panels/move_forms.mjs';
import { failureWords, moveCase, moveEntry } from '../panels/moves.mjs';
import { ReportForm } from '../panels/report_form.mjs';
import { Toasts } from '../panels/toasts.mjs';
import { keepOffer, takenBackBy, takeOffer } from '../panels/undo_offer.mjs';
import { Unsent } from '../panels/unsent.mjs';
import { LiveCases } from './live_cases.mjs';

const REPORTED = '/mine?tab=reported';
const LEAVE_MS = 1000;
const RELOAD_MS = 1200;
/** So that a warning can be read. */
const LEAVE_WARNED_MS = 6000;
const POSITION = { enableHighAccuracy: true, timeout: 15000 };

const panel = () => document.querySelector('.mine-case .case');
const reload = () => leaveWhenServed(() => window.location.reload());

function say(words) {
  panel().querySelector('.case-message').textContent = words;
}

/** Pictures of the server come in the colours of a theme. */
function showPictures() {
  const { theme } = document.documentElement.dataset;
  for (const picture of document.querySelectorAll('[data-picture]')) {
    picture.src = picture.dataset.picture + theme;
  }
}

export class HandlerPage extends Part {
  #dialogs = new Dialogs();
  #toasts = new Toasts();
  #report;
  #reportSent = false;
  #drafts;
  #unsent;
  #live;

  constructor(user) {
    super();
    this.#drafts = new Drafts(Promise.resolve(user));
    this.#report = new ReportForm(Promise.resolve(user));
    this.#unsent = new Unsent({
      user: session.then(() => user),
      sent: (entries) => this.#sentLater(entries),
      open: (entry) => this.#takeUp(entry),
    });
    this.#live = new LiveCases({
      drafts: this.#drafts,
      drawn: () => this.#drawnAgain(),
      tell: (words) => this.#toasts.show(words),
    });
  }

  connect(signal) {
    barActions();
    showPictures();
    window.addEventListener('gridboard:theme', showPictures, { signal });
    this.#dialogs.start();
    this.#toasts.start();
    startForms(signal);
    this.#report.start(signal);
    this.#drafts.start();
    this.#unsent.start();
    this.#live.start();
    new Clocks(session).start();
    session.then(() => this.#offerUndo()).catch(() => {});
    delegate('click', '.case [data-move]', (button) => this.#run(button.dataset.move), { signal });
    const submitted = (form, event) => {
      event.preventDefault();
      this.#run(form.dataset.form);
    };
    delegate('submit', '.case .move-form', submitted, { signal });
    delegate('click', '[data-leave]', (_link, event) => this.#leave(event), { signal });
    action('open-report', () => this.#openReport());
    action('pick-place', () => this.#findPosition());
    bus.on('dialog-closed', ({ id }) => id === 'report-dialog' && this.#reportClosed(), signal);
    this.#report.onSubmit((button) => this.#submitReport(button), signal);
  }

  #leave(event) {
    if (!confirmLeaving({ unsent: this.#unsent, drafts: this.#drafts })) {
      event.preventDefault();
    }
  }

  #drawnAgain() {
    showPictures();
    this.#drafts.restore(panel());
  }

  #sentLater(entries) {
    this.#toasts.show(text('js.unsent.sent', { n: entries.length }));
    setTimeout(reload, RELOAD_MS);
  }

  #takeUp({ caseNo, body, draft }) {
    if (draft) {
      this.#report.putBack(draft);
      this.#openReport();
      return;
    }
    this.#drafts.putBack(caseNo, body.move, draftOf(body));
    window.location.assign(`/mine?case=${encodeURIComponent(caseNo)}`);
  }

  /** What was done before the page was loaded again may still be taken back. */
  #offerUndo() {
    const offer = takeOffer();
    if (offer) {
      const { caseNo, version, move, seconds } = offer;
      const words = text('js.done', { no: caseNo, move: text(`move.${move}`) });
      const request = { caseNo, version, move: takenBackBy(move) };
      this.#toasts.show(words, { seconds, undo: () => this.#takeBack(request) });
    }
  }

  async #takeBack(request) {
    try {
      await moveCase(request);
      this.#toasts.show(text(`js.${request.move}`, { no: request.caseNo }));
      setTimeout(reload, LEAVE_MS);
    } catch (failure) {
      this.#toasts.show(failureWords(failure), { bad: true });
    }
  }

  async #run(move) {
    const form = formOf(panel(), move);
    if (form?.hidden) {
      openForm(form);
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
    const { caseNo, version } = panel().dataset;
    const entry = moveEntry({ caseNo, move, version: Number(version), ...given });
    if (this.#unsent.holds(entry.caseNo, move)) {
      say(text('js.unsent.kept'));
    } else {
      await this.#send(entry, form);
    }
  }

  async #send(entry, form) {
    panel().setAttribute('aria-busy', 'true');
    say(text('js.unsent.sending'));
    try {
      const answer = await this.#unsent.send(entry);
      this.#drafts.forget(entry.caseNo, entry.body.move);
      if (form) {
        hideForm(form);
      }
      if (answer) {
        this.#keepOffer(entry, answer);
        reload();
      } else {
        say(text('js.unsent.kept'));
      }
    } catch (failure) {
      say(failureWords(failure));
      this.#takeFresh(failure.problem?.current);
    } finally {
      panel().removeAttribute('aria-busy');
      this.#live.moved();
    }
  }

  #keepOffer({ caseNo, body: { move } }, { version }) {
    if (takenBackBy(move)) {
      keepOffer({ caseNo, version, move });
    }
  }

  /** After a conflict what is pressed next is about the case as it is now. */
  #takeFresh(current) {
    if (current?.case_no === panel().dataset.caseNo) {
      panel().dataset.version = current.version;
    }
  }

  #openReport() {
    this.#reportSent = false;
    this.#dialogs.open('report-dialog');
    this.#report.open();
  }

  #reportClosed() {
    if (!this.#reportSent && this.#report.isKept) {
      this.#toasts.show(text('js.report.kept'));
    }
  }

  #findPosition() {
    const unknown = () => this.#report.sayPlace(text('js.mine.noposition'));
    if (!navigator.geolocation) {
      unknown();
      return;
    }
    this.#report.sayPlace(text('js.mine.locating'));
    const found = ({ coords }) => this.#report.takePoint(coords.longitude, coords.latitude);
    navigator.geolocation.getCurrentPosition(found, unknown, POSITION);
  }

  async #submitReport(button) {
    const entry = this.#report.read();
    if (!entry) {
      return;
    }
    button.disabled = true;
    try {
      this.#reported(await this.#unsent.send(entry));
    } catch (failure) {
      await this.#report.refused(failure);
    } finally {
      button.disabled = false;
    }
  }

  #reported(made) {
    this.#reportSent = true;
    this.#dialogs.close();
    this.#report.sent();
    this.#toasts.show(made ? text('js.reported', { no: made.case_no }) : text('js.unsent.kept'));
    if (made) {
      made.warnings.forEach((warning) => this.#toasts.show(warning.text));
      const leave = () => leaveWhenServed(() => window.location.assign(REPORTED));
      setTimeout(leave, made.warnings.length ? LEAVE_WARNED_MS : LEAVE_MS);
    }
  }
}
