/* What is being filled in outlives a redraw of its case: the form stands open again with its values, focus and caret. */
import { gridboard } from '../core/gridboard.mjs';

const CONTROLS = 'button, input, textarea';
let draft = null;
let composing = false;
let waiting = null;

const controls = (form) => [...form.querySelectorAll(CONTROLS)];
const boxes = (form) => [...form.querySelectorAll('input, textarea')];

function focusIn(form) {
  const at = controls(form).indexOf(document.activeElement);
  // an input of a date has no caret
  return at < 0 ? null : { at, start: document.activeElement.selectionStart, end: document.activeElement.selectionEnd };
}

/** Takes down what the form says now. */
function remember(form) {
  const panel = form.closest('.case');
  if (!panel || form.hidden) {
    return;
  }
  draft = {
    form,
    caseNo: panel.dataset.caseNo,
    move: form.dataset.form,
    chosen: [...form.querySelectorAll('[aria-checked="true"]')].map(
      (chip) => `${chip.closest('[data-field]').dataset.field} ${chip.dataset.value}`,
    ),
    typed: boxes(form).map((box) => box.value),
    focus: focusIn(form),
  };
}

function forget() {
  draft = null;
}

/** React keeps the value of its boxes itself: it learns of another one by the event alone. */
function type(box, value) {
  if (box.value === value) {
    return;
  }
  const kind = box.tagName === 'TEXTAREA' ? window.HTMLTextAreaElement : window.HTMLInputElement;
  Object.getOwnPropertyDescriptor(kind.prototype, 'value').set.call(box, value);
  box.dispatchEvent(new Event('input', { bubbles: true }));
}

function putFocus(form, { at, start, end }) {
  const control = controls(form)[at];
  if (!control) {
    return;
  }
  control.focus({ preventScroll: true });
  if (typeof start === 'number' && control.setSelectionRange) {
    control.setSelectionRange(start, end);
  }
}

function restore(form) {
  const { chosen, typed, focus } = draft;
  const lost = !document.activeElement || document.activeElement === document.body;
  draft.form = form;
  gridboard.forms.show(form);
  form.querySelectorAll('.choice[role]').forEach((chip) => {
    chip.setAttribute(
      'aria-checked',
      String(chosen.includes(`${chip.closest('[data-field]').dataset.field} ${chip.dataset.value}`)),
    );
  });
  boxes(form).forEach((box, index) => type(box, typed[index] || ''));
  if (lost && focus) {
    putFocus(form, focus);
  }
  remember(form);
}

function look() {
  const panel = draft && gridboard.panel.shown();
  if (!panel || panel.dataset.caseNo !== draft.caseNo) {
    return;
  }
  const form = gridboard.forms.of(panel, draft.move);
  if (form && (form !== draft.form || form.hidden)) {
    restore(form);
  }
}

new MutationObserver(look).observe(document.documentElement, {
  subtree: true,
  childList: true,
  attributes: true,
  attributeFilter: ['hidden'],
});

document.addEventListener('form-opened', ({ target }) => remember(target));
document.addEventListener('form-changed', ({ target }) => remember(target));
document.addEventListener('form-closed', forget);

const formAt = (target) => target.closest?.('.move-form');
['input', 'focusin', 'keyup'].forEach((name) =>
  document.addEventListener(name, ({ target }) => {
    const form = formAt(target);
    if (form && draft && form === draft.form) {
      remember(form);
    }
  }),
);
document.addEventListener('compositionstart', ({ target }) => {
  composing = Boolean(formAt(target));
});
document.addEventListener('compositionend', () => {
  composing = false;
  const work = waiting;
  waiting = null;
  if (work) {
    work();
  }
});

/** Not while letters are being composed: a box that is replaced under an input method loses them. */
function afterComposition(work) {
  if (composing) {
    waiting = work;
  } else {
    work();
  }
}

gridboard.drafts = { forget, afterComposition };
