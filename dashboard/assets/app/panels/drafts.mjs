/* What is being filled in outlives a redraw of its case: the form stands open again with values, focus and caret. */
import { Part } from '../core/part.mjs';
import { formOf, showForm } from './move_forms.mjs';

const OPTION = '.option > input';
const options = (form) => [...form.querySelectorAll(OPTION)];
const boxes = (form) => [...form.querySelectorAll(`input:not(${OPTION}), textarea`)];
const controls = (form) => [...form.querySelectorAll('button, input, textarea')];
const nameOf = ({ name, value }) => `${name} ${value}`;
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

/** React keeps the value of its boxes itself: it learns of another one by the event alone. */
function type(box, value) {
  if (box.value !== value) {
    const { prototype } = box.tagName === 'TEXTAREA' ? window.HTMLTextAreaElement : window.HTMLInputElement;
    Object.getOwnPropertyDescriptor(prototype, 'value').set.call(box, value);
    box.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

export class Drafts extends Part {
  #draft = null;
  #composing = false;
  #afterComposition = null;

  connect(signal) {
    const listen = (name, handle) => document.addEventListener(name, handle, { signal });
    listen('form-opened', ({ target }) => this.#remember(target));
    listen('form-changed', ({ target }) => this.#remember(target));
    listen('form-closed', () => this.forget());
    for (const name of ['input', 'focusin', 'keyup']) {
      listen(name, ({ target }) => this.#touched(formAt(target)));
    }
    listen('compositionstart', ({ target }) => {
      this.#composing = Boolean(formAt(target));
    });
    listen('compositionend', () => this.#composed());
  }

  forget() {
    this.#draft = null;
  }

  /** Not while letters are being composed: a box that is replaced under an input method loses them. */
  whenComposed(work) {
    if (this.#composing) {
      this.#afterComposition = work;
    } else {
      work();
    }
  }

  /** The panel was drawn anew. */
  restore(panel) {
    if (!this.#draft || panel?.dataset.caseNo !== this.#draft.caseNo) {
      return;
    }
    const form = formOf(panel, this.#draft.move);
    if (form && (form !== this.#draft.form || form.hidden)) {
      this.#fillIn(form);
    }
  }

  #touched(form) {
    if (form && form === this.#draft?.form) {
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
    const panel = form.closest('.case');
    if (panel && !form.hidden) {
      this.#draft = {
        form,
        caseNo: panel.dataset.caseNo,
        move: form.dataset.form,
        chosen: options(form)
          .filter((option) => option.checked)
          .map(nameOf),
        typed: boxes(form).map((box) => box.value),
        focus: focusIn(form),
      };
    }
  }

  #fillIn(form) {
    const { chosen, typed, focus } = this.#draft;
    const focusLost = !document.activeElement || document.activeElement === document.body;
    this.#draft.form = form;
    showForm(form);
    for (const option of options(form)) {
      option.checked = chosen.includes(nameOf(option));
    }
    boxes(form).forEach((box, n) => type(box, typed[n] || ''));
    if (focusLost && focus) {
      putFocus(form, focus);
    }
    this.#remember(form);
  }
}
