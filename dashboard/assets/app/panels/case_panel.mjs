/* The chosen case: who takes it, what is done with it. The panel itself is drawn by the server, again after each
   change. */
import { bus } from '../core/bus.mjs';
import { setProps } from '../core/dash.mjs';
import { action, arrowStep, delegate } from '../core/dom.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';
import { debounced } from '../core/timers.mjs';
import { text } from '../core/words.mjs';
import { formOf, openForm, readForm, startForms } from './move_forms.mjs';
import { failureWords, moveCase } from './moves.mjs';

const REDRAW_MS = 150;
const UNDO_S = 30;
const CANDIDATES = '#assign-to [role="radio"]';
const DRAWN = '.case-panel.shown .case, .sheet .case';
const REDRAWN = { childList: true, subtree: true, attributes: true };
const WATCHED = ['hidden', 'aria-checked', 'data-organisation'];

function markChecked(option) {
  for (const other of option.parentElement.querySelectorAll('[role="radio"]')) {
    other.setAttribute('aria-checked', String(other === option));
    other.tabIndex = other === option ? 0 : -1;
  }
}

const say = (panel, words) => {
  panel.querySelector('.case-message').textContent = words;
};

const isBusy = (panel) => panel.getAttribute('aria-busy') === 'true';

export class CasePanel extends Part {
  #page;
  // what was chosen outlives a redraw of the same case: a load that changed meanwhile must not send it to another body
  #picked = null;
  #observer = new MutationObserver(() => this.#redrawn());
  #redraw = debounced(REDRAW_MS, () => this.#page.drafts.whenComposed(() => this.#askAgain()));

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    startForms(signal);
    action('close-case', () => this.#page.address.navigate({ case: null }));
    delegate('click', CANDIDATES, (option) => this.#choose(option), { signal });
    delegate('click', '.case [data-move], .case [data-send]', (button) => this.#run(button), { signal });
    delegate('keydown', '[role="radio"]', (option, event) => this.#pressed(option, event), { signal });
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

  /** Drawn, and not in the middle of a move. */
  isReadyFor(caseNo) {
    return this.drawn?.dataset.caseNo === caseNo && !isBusy(this.drawn);
  }

  /** Checks a recommendation by its place, from 1. */
  chooseCandidate(place) {
    const option = document.querySelectorAll(CANDIDATES)[place - 1];
    if (option) {
      this.#choose(option);
      option.scrollIntoView({ block: 'nearest' });
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
    const option = document.querySelector(`${CANDIDATES}[aria-checked="true"]`);
    return option ? Number(option.dataset.organisation) : null;
  }

  #choose(option) {
    const panel = option.closest('.case');
    if (panel && option.dataset.organisation) {
      this.#picked = { caseNo: panel.dataset.caseNo, organisation: option.dataset.organisation };
    }
    markChecked(option);
  }

  #redrawn() {
    const panel = this.drawn;
    if (this.#picked && panel?.dataset.caseNo === this.#picked.caseNo) {
      const option = panel.querySelector(`${CANDIDATES}[data-organisation="${this.#picked.organisation}"]`);
      if (option && option.getAttribute('aria-checked') !== 'true') {
        markChecked(option);
      }
    }
    this.#page.drafts.restore(panel);
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

  #pressed(option, event) {
    const all = [...option.parentElement.querySelectorAll('[role="radio"]')].filter((other) => !other.hidden);
    const next = arrowStep(all, option, event.key);
    const isButton = option.tagName === 'BUTTON';
    if (!next && (isButton || ![' ', 'Enter'].includes(event.key))) {
      return;
    }
    event.preventDefault();
    const target = next || option;
    if (target.tagName === 'BUTTON') {
      target.click();
    } else {
      this.#choose(target);
    }
    target.focus();
    if (event.key === 'Enter') {
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
      field.querySelector('.choice, .input')?.focus();
      return null;
    }
    return given;
  }

  async #run(button) {
    const panel = button.closest('.case');
    const move = button.dataset.move || button.dataset.send;
    const inputs = isBusy(panel) ? null : this.#readInputs(panel, move);
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
    const { queue, drafts } = this.#page;
    say(panel, '');
    queue.expectOwn(request.caseNo);
    try {
      const answer = await moveCase(request);
      drafts.forget();
      this.#moved(request, answer.case || answer);
      this.#redraw();
    } catch (failure) {
      queue.forgetOwn(request.caseNo);
      say(panel, failureWords(failure));
      // else what was typed stays
      if (failure.status === 409) {
        this.#redraw();
      }
    }
  }

  #moved({ caseNo, move }, { version, holder }) {
    const { toasts, queue, claims } = this.#page;
    const dispatched = move === 'dispatch';
    const key = holder && dispatched ? 'js.dispatched' : 'js.done';
    const words = text(key, { no: caseNo, move: text(`move.${move}`), holder: holder?.name });
    const undo = dispatched ? () => this.#recall(caseNo, version) : null;
    toasts.show(words, { undo, seconds: undo ? UNDO_S : 6 });
    if (dispatched && this.#page.onDesk) {
      queue.drop(caseNo);
      claims.next({ following: true });
    }
    bus.emit('refresh', { caseNo });
  }

  async #recall(caseNo, version) {
    const { toasts, queue, address } = this.#page;
    try {
      await moveCase({ caseNo, version, move: 'recall' });
      queue.forgetOwn(caseNo);
      toasts.show(text('js.recalled', { no: caseNo }));
      address.navigate({ case: caseNo });
    } catch (failure) {
      toasts.show(failureWords(failure), { bad: true });
    }
    this.#redraw();
    bus.emit('refresh', { caseNo });
  }
}
