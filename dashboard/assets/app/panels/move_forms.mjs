/* The forms of moves: opened by their button, read when they are sent. What was typed stays until the server has
   answered. A form tells what became of it by bubbling events: form-opened, form-changed, form-closed. */
import { delegate, make, makeButton } from '../core/dom.mjs';
import { store } from '../core/store.mjs';
import { text } from '../core/words.mjs';

const DAY_MS = 86400000;
const NUMBERS = ['to', 'satisfaction'];

const tell = (form, what) => form.dispatchEvent(new CustomEvent(`form-${what}`, { bubbles: true }));

/** "2026-06-12T18:30" for a moment in a zone, as an input of type datetime-local holds it. */
export function localDateTime(zone, at) {
  const form = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' };
  const found = new Intl.DateTimeFormat('en-CA', { ...form, timeZone: zone, hourCycle: 'h23' }).formatToParts(at);
  const parts = Object.fromEntries(found.map(({ type, value }) => [type, value]));
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

function dayButton(days, input, box) {
  const chip = makeButton('choice', text('js.form.days', { n: days }));
  chip.addEventListener('click', () => {
    input.value = localDateTime(box.dataset.zone, new Date(store.now() + Number(days) * DAY_MS));
    tell(box.closest('.move-form'), 'changed');
  });
  return chip;
}

function furnishDate(box) {
  if (box.querySelector('input')) {
    return;
  }
  const input = make('input', 'input');
  input.type = 'datetime-local';
  input.setAttribute('aria-label', box.closest('[data-field]').dataset.label);
  box.append(...box.dataset.days.split(' ').map((days) => dayButton(days, input, box)), input);
}

export const focusFirst = (part) => part.querySelector('.form-when button, input, textarea')?.focus();

export const formOf = (panel, move) => panel.querySelector(`.move-form[data-form="${move}"]`);

/** While a form is open its own buttons stand in the place of the others. */
function showButtons(actions, isShown) {
  const buttons = actions.querySelector('.case-buttons');
  if (buttons) {
    buttons.hidden = !isShown;
  }
}

export function hideForm(form) {
  form.hidden = true;
  showButtons(form.parentElement, true);
}

export function showForm(form) {
  for (const other of form.parentElement.querySelectorAll('.move-form')) {
    other.hidden = other !== form;
  }
  showButtons(form.parentElement, false);
  form.querySelectorAll('.form-when').forEach(furnishDate);
}

export function openForm(form) {
  showForm(form);
  focusFirst(form);
  form.scrollIntoView({ block: 'nearest' });
  tell(form, 'opened');
}

export function closeForm(form) {
  tell(form, 'closed');
  hideForm(form);
  form.parentElement.querySelector(`[data-move="${form.dataset.form}"]`)?.focus();
}

function fieldValue(field) {
  const name = field.dataset.field;
  const chosen = [...field.querySelectorAll('input:checked')].map((option) => option.value);
  if (name === 'people') {
    return chosen;
  }
  if (name === 'until') {
    // wall-clock time without an offset: the server reads it in the deployment's zone
    return field.querySelector('.form-when input').value;
  }
  const typed = field.querySelector('input:not([type="radio"]), textarea');
  if (typed) {
    return typed.value.trim();
  }
  return NUMBERS.includes(name) && chosen.length ? Number(chosen[0]) : chosen[0] || '';
}

/** `given`: what was filled in, by field. Or `missing`: the label of the first needed field that was not, with the
    `field`. */
export function readForm(form) {
  const given = {};
  for (const field of form.querySelectorAll('[data-field]')) {
    const value = fieldValue(field);
    const empty = value === '' || (Array.isArray(value) && !value.length);
    if (empty && field.dataset.needed === '1') {
      return { missing: field.dataset.label, field };
    }
    if (!empty) {
      given[field.dataset.field] = value;
    }
  }
  return { given };
}

function pressed(form, event) {
  if (event.isComposing) {
    return;
  }
  if (event.key === 'Escape') {
    event.stopPropagation();
    closeForm(form);
  }
  // also from a text of several lines
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
}

/** React keeps the value of its boxes itself: it learns of another one by the event alone. */
export function typeInto(box, value) {
  if (box.value !== value) {
    const { prototype } = box.tagName === 'TEXTAREA' ? window.HTMLTextAreaElement : window.HTMLInputElement;
    Object.getOwnPropertyDescriptor(prototype, 'value').set.call(box, value);
    box.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

/** A phrase goes to the end of what is written already. */
function writePhrase({ dataset: { phrase } }, box) {
  const written = box.value.trim();
  typeInto(box, written ? `${written}${text('js.form.joiner')}${phrase}` : phrase);
  box.focus();
}

export function startForms(signal) {
  const phraseBox = (button) => button.closest('[data-field]').querySelector('textarea');
  delegate('click', '[data-phrase]', (button) => writePhrase(button, phraseBox(button)), { signal });
  delegate('click', '[data-form-close]', (button) => closeForm(button.closest('.move-form')), { signal });
  delegate('keydown', '.move-form', pressed, { signal, capture: true });
}
