/* What is being filled in outlives redraws of its case, conflicts, reloads and another tab: the form stands open again
   with what was typed and chosen, and after a redraw with focus and caret. */
import { make, makeButton } from '../core/dom.mjs';
import { Part } from '../core/part.mjs';
import { text } from '../core/words.mjs';
import { DraftStore, isEmpty } from './draft_store.mjs';
import { formOf, hideForm, showForm, typeInto } from './move_forms.mjs';

const OPTION = '.option > input';
const DRAWN = '.case';
const options = (form) => [...form.querySelectorAll(OPTION)];
const boxes = (form) => [...form.querySelectorAll(`[data-field] input:not(${OPTION}), [data-field] textarea`)];
const controls = (form) => [...form.querySelectorAll('button, input, textarea')];
const nameOf = ({ name, value }) => `${name} ${value}`;
const fieldOf = (box) => box.closest('[data-field]').dataset.field;
const formAt = (target) => target.closest?.('.move-form');

function focusIn(form) {
  const at = controls(form).indexOf(document.activeElement);
  // an input of a date has no caret
  const { selectionStart: start, selectionEnd: end } = document.activeElement;
  return at < 0 ? null : { at, start, end };
}

function putFocus(form, { at, start, end }) {
  const control = controls(form)[at];
  control?.focus({ preventScroll: true });
  if (typeof start === 'number') {
    control?.setSelectionRange?.(start, end);
  }
}

const readForm = (form) => ({
  typed: Object.fromEntries(boxes(form).map((box) => [fieldOf(box), box.value])),
  chosen: options(form)
    .filter((option) => option.checked)
    .map(nameOf),
});

function fillIn(form, { typed, chosen }) {
  for (const option of options(form)) {
    option.checked = chosen.includes(nameOf(option));
  }
  for (const box of boxes(form)) {
    typeInto(box, typed[fieldOf(box)] || '');
  }
}

/** What was written, where its form is not offered any more. */
function keptWords({ form, typed }, discard) {
  const copy = make('textarea', 'input', Object.values(typed).filter(Boolean).join('\n'));
  copy.readOnly = true;
  copy.rows = 2;
  copy.setAttribute('aria-label', text('js.draft.words'));
  const button = makeButton('button', text('js.draft.discard'));
  button.addEventListener('click', discard);
  return [make('p', '', text('js.draft.late', { move: text(`move.${form}`) })), copy, button];
}

/** Whether a draft is to be seen: one without words only while its form stands open on this page. */
const isShown = (draft, shown) => draft.isOpen && (!isEmpty(draft) || draft.form === shown?.dataset.form);

export class Drafts extends Part {
  #user;
  #drafts = null;
  #shown = null;
  #shownCase = null;
  #focus = null;
  #composing = false;
  #afterComposition = null;

  /** `user`: a promise of whose drafts these are. */
  constructor(user) {
    super();
    this.#user = user;
  }

  connect(signal) {
    this.#user.then(
      (name) => this.#begin(name),
      () => {},
    );
    const listen = (type, handle) => document.addEventListener(type, handle, { signal });
    listen('form-opened', ({ target }) => this.#opened(target));
    listen('form-changed', ({ target }) => this.#remember(target));
    listen('form-closed', ({ target }) => this.#closed(target));
    for (const type of ['input', 'change', 'focusin', 'keyup']) {
      listen(type, ({ target }) => this.#touched(formAt(target)));
    }
    listen('compositionstart', ({ target }) => {
      this.#composing = Boolean(formAt(target));
    });
    listen('compositionend', () => this.#composed());
    window.addEventListener('storage', ({ key }) => this.#changedElsewhere(key), { signal });
  }

  /** How many forms hold something that was not sent. */
  get size() {
    return this.#drafts?.size ?? 0;
  }

  /** The move has been made, or its words are kept as unsent work. */
  forget(caseNo, move) {
    this.#shown = this.#focus = null;
    this.#drafts?.remove(caseNo, move);
  }

  forgetAll() {
    this.#shown = this.#focus = null;
    this.#drafts?.forgetAll();
  }

  /** Puts back what a request said that was refused: its form opens with the case. */
  putBack(caseNo, move, draft) {
    this.#drafts?.write(caseNo, move, draft);
    this.restore(document.querySelector(DRAWN));
  }

  /** Not while letters are being composed: a box that is replaced under an input method loses them. */
  whenComposed(work) {
    if (this.#composing) {
      this.#afterComposition = work;
    } else {
      work();
    }
  }

  /** The panel was drawn, perhaps anew. */
  restore(panel) {
    const caseNo = panel?.dataset.caseNo;
    const shown = this.#shownCase === caseNo ? this.#shown : null;
    const draft = caseNo && this.#drafts?.ofCase(caseNo).find((one) => isShown(one, shown));
    const form = draft && formOf(panel, draft.form);
    this.#tellKept(panel, draft && !form ? draft : null);
    if (form && (form !== this.#shown || form.hidden)) {
      this.#show(form, draft);
    }
  }

  /** Once for each draft: what watches the panel would be told again and again. */
  #tellKept(panel, draft) {
    const place = panel?.querySelector('.case-kept');
    const told = draft ? `${draft.form} ${draft.at}` : '';
    if (!place || (place.dataset.told ?? '') === told) {
      return;
    }
    place.dataset.told = told;
    place.hidden = !draft;
    const discard = () => {
      this.forget(panel.dataset.caseNo, draft.form);
      this.restore(panel);
    };
    place.replaceChildren(...(draft ? keptWords(draft, discard) : []));
  }

  #begin(name) {
    this.#drafts = new DraftStore(name);
    this.restore(document.querySelector(DRAWN));
  }

  #opened(form) {
    const draft = this.#read(form);
    if (draft && !isEmpty(draft)) {
      fillIn(form, draft);
    }
    this.#take(form);
    this.#remember(form);
  }

  #take(form) {
    this.#shown = form;
    this.#shownCase = form.closest(DRAWN).dataset.caseNo;
  }

  /** Closed is not thrown away: it stands there again when the form is opened. */
  #closed(form) {
    this.#shown = this.#focus = null;
    this.#write(form, false);
  }

  #touched(form) {
    if (form && form === this.#shown) {
      this.#remember(form);
    }
  }

  #composed() {
    this.#composing = false;
    const work = this.#afterComposition;
    this.#afterComposition = null;
    work?.();
  }

  #remember(form) {
    if (!form.hidden) {
      // a box that is taken away with the focus in it is heard of as well
      this.#focus = focusIn(form) ?? this.#focus;
      this.#write(form, true);
    }
  }

  #read(form) {
    return this.#drafts?.read(form.closest(DRAWN).dataset.caseNo, form.dataset.form);
  }

  #write(form, isOpen) {
    const caseNo = form.closest(DRAWN)?.dataset.caseNo;
    if (caseNo) {
      this.#drafts?.write(caseNo, form.dataset.form, { ...readForm(form), isOpen });
    }
  }

  #show(form, draft) {
    const focusLost = !document.activeElement || document.activeElement === document.body;
    const focus = this.#focus;
    showForm(form);
    fillIn(form, draft);
    this.#take(form);
    if (focusLost && focus) {
      putFocus(form, focus);
    }
  }

  /** Another tab has gone on with it, sent it or closed it. */
  #changedElsewhere(key) {
    const parts = this.#drafts?.partsOf(key);
    const panel = document.querySelector(DRAWN);
    const form = parts && panel?.dataset.caseNo === parts.caseNo ? formOf(panel, parts.form) : null;
    if (!form || form.contains(document.activeElement)) {
      return;
    }
    const draft = this.#read(form);
    if (draft?.isOpen) {
      this.#show(form, draft);
    } else if (!form.hidden) {
      this.#shown = null;
      fillIn(form, draft ?? { typed: {}, chosen: [] });
      hideForm(form);
    }
  }
}
