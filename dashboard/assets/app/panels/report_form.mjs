/* The form of a report, the same beside the map and on `/mine`: its values, what is missing, where; kept on the device
   until it is sent or emptied. */
import { action, delegate, uniqueKey } from '../core/dom.mjs';
import { text } from '../core/words.mjs';
import { CategorySearch } from './category_search.mjs';
import { typeInto } from './move_forms.mjs';
import { failureWords } from './moves.mjs';
import { ReportDraft } from './report_draft.mjs';
import { bodyOf, ReportPlace } from './report_place.mjs';
import { boxOf, ReportTexts, tell } from './report_texts.mjs';

const DIALOG = '#report-dialog';
const FORM = `${DIALOG} form`;
const OPTION = '.option > input';
const NEEDED = ['kind', 'category', 'title'];
const TOLD = ['place', ...NEEDED, 'description'];

const nameOf = ({ name, value }) => `${name} ${value}`;

export class ReportForm {
  #place;
  #categories = new CategorySearch((category) => this.#takeCategory(category));
  #texts = new ReportTexts();
  #draft;

  /** `user`: a promise of who fills it in. */
  constructor(user) {
    this.#draft = new ReportDraft(user);
    const changed = () => this.#placeChanged();
    this.#place = new ReportPlace({ changed, chosenByName: () => this.#categories.input.focus() });
  }

  start(signal) {
    for (const part of [this.#place, this.#categories, this.#texts]) {
      part.connect(signal);
    }
    delegate('change', `${FORM} [name="kind"]`, ({ value }) => this.#showKind(value), { signal });
    delegate('change', `${FORM} ${OPTION}`, ({ name }) => NEEDED.includes(name) && tell(name, ''), { signal });
    for (const type of ['input', 'change']) {
      delegate(type, FORM, () => this.#keep(), { signal });
    }
    action('clear-place', () => this.#clearPlace());
    action('clear-report', () => this.clear());
  }

  /** Calls send(button): the button to be disabled meanwhile, so that it is sent once. */
  onSubmit(send, signal) {
    const submitted = (form, event) => {
      event.preventDefault();
      send(form.querySelector('[type="submit"]'));
    };
    delegate('submit', FORM, submitted, { signal });
  }

  get dialog() {
    return document.querySelector(DIALOG);
  }

  get place() {
    return this.#place.chosen;
  }

  /** Whether something stands in it that was not sent. */
  get isKept() {
    return Boolean(this.#draft.read());
  }

  /** The form with what was left in it, in an open dialog. */
  async open() {
    await this.#draft.ready;
    this.#categories.prepare();
    this.#restore();
    this.#place.input.focus();
  }

  /** Empty, and nothing kept. */
  clear() {
    this.#draft.remove();
    this.#restore();
    this.#place.input.focus();
  }

  /** It was sent, or is kept as unsent work. */
  sent() {
    this.#draft.remove();
    this.#fill({ typed: {}, chosen: [] });
    this.#draft.remove();
  }

  /** What a request said that was refused later stands in the form again. */
  putBack(draft) {
    this.#draft.write(draft);
  }

  say(words) {
    this.dialog.querySelector('.form-message').textContent = words;
  }

  sayPlace(words) {
    this.#place.say(words);
  }

  takePoint(lon, lat) {
    tell('place', '');
    return this.#place.takePoint(lon, lat);
  }

  /** The request; null, with words beside every field that is missing or wrong, while there are any. */
  read(fallback = {}) {
    this.say('');
    const wrong = [...this.#missing, ...this.#texts.wrong];
    wrong.forEach(([field, words]) => tell(field, words));
    if (wrong.length) {
      this.#focusField(wrong[0][0]);
      return null;
    }
    const body = { ...(this.place ? {} : fallback), ...this.#body };
    return { key: uniqueKey(), label: text('move.report'), path: '/api/cases', body, draft: this.#asDraft };
  }

  /** What the server refused, beside its field where it is a text's. */
  async refused(failure) {
    this.say(failureWords(failure));
    await this.#texts.lookAtAll();
    const [first] = this.#texts.wrong;
    if (first) {
      tell(...first);
      this.#focusField(first[0]);
    }
  }

  get #missing() {
    const given = this.#given;
    const place = this.#place.isUnclear ? [['place', text('js.report.place')]] : [];
    const empty = NEEDED.filter((field) => !(given.get(field) ?? '').trim());
    return [...place, ...empty.map((field) => [field, text(`js.report.${field}`)])];
  }

  get #body() {
    const given = this.#given;
    const chosen = ['kind', 'category', 'severity', 'source'].map((field) => [field, given.get(field)]);
    return {
      ...Object.fromEntries(chosen),
      title: given.get('title').trim(),
      description: given.get('description').trim(),
      needs: given.getAll('needs'),
      ...bodyOf(this.place),
    };
  }

  get #given() {
    return new FormData(document.querySelector(FORM));
  }

  get #options() {
    return [...this.dialog.querySelectorAll(OPTION)];
  }

  get #asDraft() {
    const chosen = this.#options.filter(({ checked, defaultChecked }) => checked && !defaultChecked).map(nameOf);
    const place = this.place ? JSON.stringify(this.place) : '';
    return { typed: { title: boxOf('title').value, description: boxOf('description').value, place }, chosen };
  }

  #keep() {
    this.#draft.write(this.#asDraft);
  }

  #restore() {
    const draft = this.#draft.read();
    this.dialog.querySelector('.report-draft').hidden = !draft;
    this.say('');
    this.#fill(draft ?? { typed: {}, chosen: [] });
    TOLD.forEach((field) => tell(field, ''));
    this.#texts.forget();
  }

  #fill({ typed, chosen }) {
    this.#fillOptions(chosen);
    this.#place.show(typed.place ? JSON.parse(typed.place) : null);
    this.#categories.clear();
    for (const field of ['title', 'description']) {
      typeInto(boxOf(field), typed[field] ?? '');
    }
  }

  /** A group of which nothing is named begins as the form does. */
  #fillOptions(chosen) {
    const named = new Set(chosen.map((one) => one.split(' ')[0]));
    for (const option of this.#options) {
      option.checked = named.has(option.name) ? chosen.includes(nameOf(option)) : option.defaultChecked;
    }
    this.#showKind(this.#given.get('kind'));
  }

  #takeCategory({ kind, code }) {
    const check = (name, value) => {
      this.dialog.querySelector(`[name="${name}"][value="${CSS.escape(value)}"]`).checked = true;
      tell(name, '');
    };
    check('kind', kind);
    this.#showKind(kind);
    check('category', code);
    this.#keep();
    boxOf('title').focus();
  }

  /** The categories of the kind alone; one of another kind is chosen no more. */
  #showKind(kind) {
    this.dialog.querySelector('.report-category-hint').hidden = Boolean(kind);
    for (const group of this.dialog.querySelectorAll('[data-kind]')) {
      group.hidden = group.dataset.kind !== kind;
      for (const radio of group.querySelectorAll('input')) {
        radio.disabled = group.hidden;
        radio.checked = radio.checked && !group.hidden;
      }
    }
  }

  #placeChanged() {
    tell('place', '');
    this.#keep();
  }

  #clearPlace() {
    this.#place.clear();
    this.#place.input.focus();
  }

  #focusField(field) {
    const shown = (one) => one.name === field && !one.disabled;
    const boxes = { place: this.#place.input, category: this.#options.find(shown) ?? this.#categories.input };
    const box = boxes[field] ?? boxOf(field) ?? this.#options.find(shown);
    box.focus();
    box.closest('.field')?.scrollIntoView({ block: 'nearest' });
  }
}
