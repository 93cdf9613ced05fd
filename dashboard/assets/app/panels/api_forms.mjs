/* Forms that are sent to the API as they stand (dashboard/panels/api_forms.py): what is wrong is told at its field,
   what is told once is shown once, and the list is drawn again. */
import { bus } from '../core/bus.mjs';
import { setProps } from '../core/dash.mjs';
import { action, delegate } from '../core/dom.mjs';
import { fetchJson, isPassing } from '../core/http.mjs';
import { Part } from '../core/part.mjs';
import { text } from '../core/words.mjs';
import { DraftStore } from './draft_store.mjs';
import { failureWords } from './moves.mjs';

const FORM = 'form[data-api]';
const CONFIRM = 'confirm-dialog';
const SECRET = 'secret-dialog';
const SENT = ['method', 'path', 'refresh', 'told', 'secret', 'body', 'about'];

const secretBox = () => document.getElementById('secret-value');
const controlOf = (form, name) => form.querySelector(`[data-field="${CSS.escape(name)}"] [name]`);

function tellWrong(control, words) {
  control.closest('.field').querySelector('.field-missing').textContent = words;
  control.toggleAttribute('aria-invalid', Boolean(words));
}

function sayMessage(form, words) {
  form.querySelector('.form-message').textContent = words;
}

function clear(form) {
  sayMessage(form, '');
  form.querySelectorAll('.field [name]').forEach((control) => tellWrong(control, ''));
  form.querySelectorAll('.suggestions, .field-chosen').forEach((place) => place.replaceChildren());
}

/** A value called NAME_name is what the code in NAME is called. */
function fill(form, values) {
  for (const [name, value] of Object.entries(values)) {
    const control = controlOf(form, name.replace(/_name$/, ''));
    if (name.endsWith('_name')) {
      control.parentElement.querySelector('.field-chosen').textContent = value;
    } else {
      control.value = value;
    }
  }
}

/** Whether what has to be typed twice was; told at the second one. */
function isRepeated(form) {
  const second = form.querySelector('[data-same-as]');
  if (!second || second.value === controlOf(form, second.dataset.sameAs).value) {
    return true;
  }
  tellWrong(second, text('field.not_same'));
  second.focus();
  return false;
}

function bodyOf(form) {
  if (form.dataset.body) {
    return JSON.parse(form.dataset.body);
  }
  const typed = [...new FormData(form)].filter(([name]) => !controlOf(form, name).dataset.sameAs);
  return typed.length ? Object.fromEntries(typed) : undefined;
}

/** Where each field is, what is wrong with it; the first of them has the keyboard. */
function tellFailure(form, failure) {
  const { errors = [] } = failure.problem ?? {};
  const told = errors.filter(({ field }) => controlOf(form, field));
  told.forEach(({ field, detail }) => tellWrong(controlOf(form, field), detail));
  if (told.length) {
    controlOf(form, told[0].field).focus();
  } else {
    sayMessage(form, failureWords(failure));
  }
}

const typedIn = (form) => Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));

export class ApiForms extends Part {
  #page;
  #drafts = null;
  #opener = '';
  #sending = false;

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    action('open-form', (button) => this.#open(button));
    action('ask', (button) => this.#ask(button));
    action('copy-secret', (button) => this.#copy(button));
    const submitted = (form, event) => {
      event.preventDefault();
      this.#submit(form);
    };
    delegate('submit', FORM, submitted, { signal });
    delegate('input', `${FORM} .field [name]`, (control) => tellWrong(control, ''), { signal });
    delegate('input', `${FORM}[data-keeps] .field [name]`, ({ form }) => this.#keep(form), { signal });
    this.#page.session.then(({ user }) => this.#begin(user.name)).catch(() => {});
    bus.on('dialog-closed', ({ id }) => id === SECRET && this.#forget(), signal);
  }

  #begin(user) {
    this.#drafts = new DraftStore(user);
  }

  /** By where it is sent: what was typed about another thing does not stand here. */
  #keep(form) {
    const draft = { typed: typedIn(form), chosen: [], isOpen: false };
    this.#drafts?.write(form.dataset.path, form.closest('dialog').id, draft);
  }

  #putBack(form) {
    const { keeps, path } = form.dataset;
    fill(form, (keeps && this.#drafts?.read(path, form.closest('dialog').id)?.typed) || {});
  }

  #open(button) {
    const { dialog, path, about, values } = button.dataset;
    const form = document.querySelector(`#${dialog} form`);
    form.reset();
    clear(form);
    form.dataset.path = path || form.dataset.path;
    form.querySelector('.form-about').textContent = about;
    fill(form, JSON.parse(values));
    this.#putBack(form);
    this.#opener = button.id;
    this.#page.dialogs.open(dialog);
    form.querySelector('.field [name]').focus();
  }

  #ask(button) {
    const form = document.querySelector(`#${CONFIRM} form`);
    clear(form);
    for (const name of SENT) {
      form.dataset[name] = button.dataset[name] ?? '';
    }
    form.querySelector('.confirm-question').textContent = button.dataset.question;
    this.#opener = button.id;
    this.#page.dialogs.open(CONFIRM);
    form.querySelector('[type="submit"]').focus();
  }

  /** Not by disabling the button: it would lose the keyboard. */
  async #submit(form) {
    if (this.#sending) {
      return;
    }
    clear(form);
    if (!isRepeated(form)) {
      return;
    }
    this.#sending = true;
    try {
      const { method, path } = form.dataset;
      this.#done(form, await fetchJson(path, { method, body: bodyOf(form) }));
    } catch (failure) {
      tellFailure(form, failure);
      this.#lookAgain(form, failure);
    } finally {
      this.#sending = false;
    }
  }

  /** Without an answer it may have been done: the list behind the form tells. */
  #lookAgain(form, failure) {
    if (isPassing(failure) && form.dataset.refresh) {
      setProps(form.dataset.refresh, { data: { at: Date.now(), focus: '' } });
    }
  }

  #done(form, answer) {
    const { refresh, told, secret, keeps, path } = form.dataset;
    if (keeps) {
      this.#drafts?.remove(path, form.closest('dialog').id);
    }
    if (form.closest('dialog')) {
      this.#page.dialogs.close();
    }
    form.reset();
    if (told) {
      this.#page.toasts.show(told);
    }
    if (refresh) {
      setProps(refresh, { data: { at: Date.now(), focus: this.#opener } });
    }
    if (secret) {
      this.#showSecret(answer, secret);
    }
  }

  #showSecret(answer, name) {
    document.getElementById('secret-about').textContent = answer.username ?? answer.name;
    secretBox().value = answer[name];
    this.#page.dialogs.open(SECRET);
    secretBox().select();
  }

  async #copy(button) {
    const box = secretBox();
    box.select();
    // without TLS there is no clipboard
    const kept = window.navigator.clipboard?.writeText(box.value).then(() => true);
    if ((await kept?.catch(() => false)) || document.execCommand('copy')) {
      this.#page.toasts.show(button.dataset.told);
    }
  }

  #forget() {
    secretBox().value = '';
  }
}
