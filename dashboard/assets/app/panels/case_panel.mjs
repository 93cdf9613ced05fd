/* The chosen case: who takes it, what is done with it. The panel itself is drawn by the server, again after each
   change. */
import { bus } from '../core/bus.mjs';
import { setProps } from '../core/dash.mjs';
import { action, delegate } from '../core/dom.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';
import { debounced } from '../core/timers.mjs';
import { text } from '../core/words.mjs';
import { focusFirst, formOf, hideForm, openForm, readForm, startForms } from './move_forms.mjs';
import { failureWords, moveCase, moveEntry } from './moves.mjs';
import { takenBackBy, UNDO_S } from './undo_offer.mjs';

const REDRAW_MS = 150;
const MORE = '.case-buttons details';
const CANDIDATES = '#assign-to input';
const DRAWN = '.case-panel.shown .case, .sheet .case';
const REDRAWN = { childList: true, subtree: true, attributes: true };
const WATCHED = ['hidden', 'value'];

const say = (panel, words) => {
  panel.querySelector('.case-message').textContent = words;
};

const isBusy = (panel) => panel.getAttribute('aria-busy') === 'true';

export class CasePanel extends Part {
  #page;
  // what was chosen outlives a redraw of the same case: a load that changed meanwhile must not send it to another body
  #picked = null;
  #moved = null;
  #moreOpenOf = null;
  #shown = { caseNo: null, at: 0 };
  #observer = new MutationObserver(() => this.#redrawn());
  #redraw = debounced(REDRAW_MS, () => this.#page.drafts.whenComposed(() => this.#askAgain()));

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    startForms(signal);
    action('close-case', () => this.#page.address.navigate({ case: null }));
    delegate('change', CANDIDATES, (option) => this.#keep(option), { signal });
    delegate('keydown', CANDIDATES, (_, event) => this.#pressed(event), { signal });
    // the second half of a double click may meet another case
    const moved = (button, { detail }) => detail > 1 || this.#run(button.closest('.case'), button.dataset.move);
    delegate('click', '.case [data-move]', moved, { signal });
    const submitted = (form, event) => {
      event.preventDefault();
      this.#run(form.closest('.case'), form.dataset.form);
    };
    delegate('submit', '.case .move-form', submitted, { signal });
    // it does not bubble
    document.addEventListener('toggle', ({ target }) => this.#toggled(target), { signal, capture: true });
    bus.on('case', (change) => this.#changedElsewhere(change), signal);
    bus.on('snapshot', () => this.drawn && this.#redraw(), signal);
  }

  /** The places where a case is drawn are watched, and nothing else. */
  pageMounted() {
    this.#observer.disconnect();
    for (const place of document.querySelectorAll('#case-panel, #case-box')) {
      this.#observer.observe(place, { ...REDRAWN, attributeFilter: WATCHED });
    }
  }

  /** The element of the case that is drawn, if any. */
  get drawn() {
    return document.querySelector(DRAWN);
  }

  /** Drawn as it is, and not in the middle of a move. */
  isReadyFor(caseNo) {
    return this.drawn?.dataset.caseNo === caseNo && !isBusy(this.drawn) && !this.#isOutdated(this.drawn);
  }

  /** Moved from here already, and not drawn again yet. */
  #isOutdated({ dataset: { caseNo, version } }) {
    return this.#moved?.caseNo === caseNo && Number(version) < this.#moved.version;
  }

  /** Checks a recommendation by its place, from 1. */
  chooseCandidate(place) {
    const option = document.querySelectorAll(CANDIDATES)[place - 1];
    if (option) {
      option.checked = true;
      this.#keep(option);
      option.parentElement.scrollIntoView({ block: 'nearest' });
    }
  }

  /** Lets the server draw the case again. */
  refresh() {
    if (this.drawn) {
      this.#redraw();
    }
  }

  /** Presses the likely next step. */
  pressMain() {
    this.drawn?.querySelector('#assign-submit, .case-buttons .button-main')?.click();
  }

  pressMove(move) {
    this.drawn?.querySelector(`[data-move="${move}"]`)?.click();
  }

  get chosenOrganisation() {
    const option = document.querySelector(`${CANDIDATES}:checked`);
    return option ? Number(option.value) : null;
  }

  #keep(option) {
    this.#picked = { caseNo: option.closest('.case').dataset.caseNo, organisation: option.value };
  }

  /** The case was on the screen at that moment already (`at`: as performance.now() has it). */
  wasSeen(caseNo, at) {
    return this.#shown.caseNo === caseNo && this.#shown.at <= at;
  }

  #noteShown({ caseNo }) {
    if (this.#shown.caseNo !== caseNo) {
      this.#shown = { caseNo, at: Number.POSITIVE_INFINITY };
      // what is drawn now is seen with the next frame
      requestAnimationFrame(() => {
        this.#shown = { caseNo, at: performance.now() };
      });
    }
  }

  #redrawn() {
    const panel = this.drawn;
    if (panel) {
      this.#noteShown(panel.dataset);
      this.#checkAgain(panel);
      this.#openMoreAgain(panel);
    }
    this.#page.drafts.restore(panel);
  }

  #toggled(target) {
    if (target.isConnected && target.matches(MORE)) {
      this.#moreOpenOf = target.open ? target.closest('.case').dataset.caseNo : null;
    }
  }

  /** A list of moves that is drawn anew stays open: somebody is about to press one. */
  #openMoreAgain(panel) {
    const more = panel.querySelector(MORE);
    if (more && !more.open && this.#moreOpenOf === panel.dataset.caseNo) {
      more.open = true;
    }
  }

  /** What is checked stays with the place of its radio when React writes another organisation into it: checked is who
      was chosen (nobody, once that one is gone), else the first. */
  #checkAgain(panel) {
    const options = [...panel.querySelectorAll(CANDIDATES)];
    const { caseNo, organisation } = this.#picked ?? {};
    const right =
      caseNo === panel.dataset.caseNo ? options.find((option) => option.value === organisation) : options[0];
    for (const option of options) {
      option.checked = option === right;
    }
  }

  #askAgain() {
    const id = document.querySelector('.sheet') ? 'sheet-refresh' : 'case-refresh';
    setProps(id, { data: store.state.seq });
  }

  #changedElsewhere({ case_no: caseNo, version }) {
    if (this.drawn?.dataset.caseNo === caseNo && Number(this.drawn.dataset.version) !== version) {
      this.#redraw();
    }
  }

  /** From a candidate to the button that sends. */
  #pressed(event) {
    if (event.key === 'Enter') {
      event.preventDefault();
      document.getElementById('assign-submit')?.focus();
    }
  }

  /** What the form of the move says; null when it had to be opened first or something is missing in it. */
  #readInputs(panel, move) {
    const form = formOf(panel, move);
    if (!form) {
      return {};
    }
    if (form.hidden) {
      openForm(form);
      return null;
    }
    const { given, missing, field } = readForm(form);
    if (missing) {
      say(panel, text('js.form.missing', { field: missing }));
      focusFirst(field);
      return null;
    }
    return given;
  }

  async #run(panel, move) {
    const inputs = isBusy(panel) || this.#isOutdated(panel) ? null : this.#readInputs(panel, move);
    if (!inputs) {
      return;
    }
    const request = { caseNo: panel.dataset.caseNo, version: Number(panel.dataset.version), move, ...inputs };
    panel.setAttribute('aria-busy', 'true');
    try {
      if (move !== 'dispatch' || (await this.#addressee(panel, request))) {
        await this.#send(panel, request);
      }
    } finally {
      panel.removeAttribute('aria-busy');
    }
  }

  /** Takes the chosen body into the request, and why it is not the first; false when there is none yet. */
  async #addressee(panel, request) {
    request.to = this.chosenOrganisation;
    if (!request.to) {
      say(panel, text('js.choose-body'));
      return false;
    }
    if (!request.choice && this.#page.choice.isNeeded) {
      request.choice = await this.#page.choice.ask();
    }
    return request.choice !== null;
  }

  async #send(panel, request) {
    const { queue, drafts, unsent } = this.#page;
    const { caseNo, move } = request;
    if (unsent.holds(caseNo, move)) {
      say(panel, text('js.unsent.kept'));
      return;
    }
    say(panel, '');
    queue.expectOwn(caseNo);
    try {
      const answer = await unsent.send(moveEntry(request));
      drafts.forget(caseNo, move);
      this.#sent(panel, request, answer);
    } catch (failure) {
      queue.forgetOwn(caseNo);
      this.#refused(panel, failure);
    }
  }

  /** `answer`: the case afterwards; null when the move is kept until it can be sent. */
  #sent(panel, request, answer) {
    const form = formOf(panel, request.move);
    if (form) {
      hideForm(form);
    }
    if (answer) {
      this.#moved = { caseNo: request.caseNo, version: answer.version };
      this.#tell(request, answer);
      this.#redraw();
    } else {
      this.#page.queue.forgetOwn(request.caseNo);
      say(panel, text('js.unsent.kept'));
    }
  }

  /** What was typed stays, and the case is shown as it is now. */
  #refused(panel, failure) {
    const isFilledIn = Boolean(panel.querySelector('.move-form:not([hidden])'));
    const isLate = failure.status === 409;
    say(panel, failureWords(failure) + (isLate && isFilledIn ? text('js.draft.kept') : ''));
    if (isLate) {
      this.#redraw();
    }
  }

  #tell({ caseNo, move }, { version, holder }) {
    const { toasts, queue, claims } = this.#page;
    const dispatched = move === 'dispatch';
    const key = holder && dispatched ? 'js.dispatched' : 'js.done';
    const words = text(key, { no: caseNo, move: text(`move.${move}`), holder: holder?.name });
    const back = takenBackBy(move);
    const undo = back ? () => this.#takeBack({ caseNo, version, move: back }) : null;
    toasts.show(words, { undo, seconds: undo ? UNDO_S : 6 });
    if (dispatched && this.#page.onDesk) {
      queue.drop(caseNo);
      claims.next({ following: true });
    }
    bus.emit('refresh', { caseNo });
  }

  async #takeBack(request) {
    const { toasts, queue, address } = this.#page;
    const { caseNo, move } = request;
    try {
      await moveCase(request);
      queue.forgetOwn(caseNo);
      toasts.show(text(`js.${move}`, { no: caseNo }));
      address.navigate({ case: caseNo });
    } catch (failure) {
      toasts.show(failureWords(failure), { bad: true });
    }
    this.#redraw();
    bus.emit('refresh', { caseNo });
  }
}
