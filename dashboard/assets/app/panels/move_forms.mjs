/* The forms of moves: opened by their button, read when they are sent. What was typed stays until the server has answered. */
import { gridboard } from '../core/gridboard.mjs';

const { make } = gridboard.ui;
const DAY_MS = 86400000;

const fields = (form) => [...form.querySelectorAll('[data-field]')];

/** "+08:00" for a moment in a zone: what is typed means the deployment's time, wherever the browser stands. */
function offset(zone, at) {
  const name = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
    .formatToParts(at)
    .find((part) => part.type === 'timeZoneName').value;
  return name === 'GMT' ? '+00:00' : name.replace('GMT', '');
}

function local(zone, at) {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

function fillWhen(box) {
  if (box.querySelector('input')) {
    return;
  }
  const input = make('input', 'input');
  input.type = 'datetime-local';
  input.setAttribute('aria-label', box.closest('[data-field]').dataset.label);
  box.dataset.days.split(' ').forEach((days) => {
    const chip = make('button', 'choice', gridboard.text('js.form.days', { n: days }));
    chip.type = 'button';
    chip.addEventListener('click', () => {
      input.value = local(box.dataset.zone, new Date(gridboard.now() + Number(days) * DAY_MS));
      tell(box.closest('.move-form'), 'changed');
    });
    box.append(chip);
  });
  box.append(input);
}

function show(form) {
  form.parentElement.querySelectorAll('.move-form').forEach((other) => {
    other.hidden = other !== form;
  });
  form.querySelectorAll('.form-when').forEach(fillWhen);
}

/** Says to whoever listens on the page what became of a form: opened, changed, closed. */
const tell = (form, what) => form.dispatchEvent(new CustomEvent(`form-${what}`, { bubbles: true }));

function open(form) {
  show(form);
  const first = form.querySelector('.choice, .input');
  if (first) {
    first.focus();
  }
  form.scrollIntoView({ block: 'nearest' });
  tell(form, 'opened');
}

function close(form) {
  tell(form, 'closed');
  form.hidden = true;
}

function fieldValue(field) {
  const chosen = [...field.querySelectorAll('[aria-checked="true"]')].map((chip) => chip.dataset.value);
  const name = field.dataset.field;
  if (name === 'people') {
    return chosen;
  }
  if (name === 'until') {
    const box = field.querySelector('.form-when');
    const { value } = box.querySelector('input');
    return value ? `${value}:00${offset(box.dataset.zone, new Date(`${value}Z`))}` : '';
  }
  const typed = field.querySelector('.input');
  if (typed) {
    return typed.value.trim();
  }
  return ['to', 'satisfaction'].includes(name) && chosen.length ? Number(chosen[0]) : chosen[0] || '';
}

/** What was given, without what was left empty; `missing` is the label of the first needed field that was. */
function read(form) {
  const given = {};
  for (const field of fields(form)) {
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

function toggle(chip) {
  const many = chip.getAttribute('role') === 'checkbox';
  const on = many ? chip.getAttribute('aria-checked') !== 'true' : true;
  if (!many) {
    chip.parentElement
      .querySelectorAll('[role="radio"]')
      .forEach((other) => other.setAttribute('aria-checked', 'false'));
  }
  chip.setAttribute('aria-checked', String(on));
}

document.addEventListener('click', (event) => {
  const chip = event.target.closest?.('.move-form .choice[role]');
  if (chip) {
    toggle(chip);
    tell(chip.closest('.move-form'), 'changed');
  }
  const cancel = event.target.closest?.('[data-form-close]');
  if (cancel) {
    close(cancel.closest('.move-form'));
  }
});

document.addEventListener(
  'keydown',
  (event) => {
    const form = event.target.closest?.('.move-form');
    if (!form || event.isComposing) {
      return;
    }
    if (event.key === 'Escape') {
      event.stopPropagation();
      close(form);
    }
    const sends = event.ctrlKey || event.metaKey || event.target.tagName === 'INPUT';
    if (event.key === 'Enter' && sends) {
      event.preventDefault();
      form.querySelector('[data-send]').click();
    }
  },
  true,
);

gridboard.forms = {
  open,
  close,
  show,
  read,
  of: (panel, move) => panel.querySelector(`.move-form[data-form="${move}"]`),
};
