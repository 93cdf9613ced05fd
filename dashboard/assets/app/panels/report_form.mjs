/* The form of a report, the same beside the map and on `/mine`: its values, what is missing, where. */
import { delegate } from '../core/dom.mjs';
import { text } from '../core/words.mjs';

const DIALOG = '#report-dialog';
const FORM = `${DIALOG} form`;

const title = () => document.getElementById('report-title');

function tellMissing(words) {
  document.getElementById('report-title-missing').textContent = words;
}

export class ReportForm {
  place = null;

  start(signal) {
    delegate('change', `${FORM} [name="kind"]`, ({ value }) => this.#showCategories(value), { signal });
    delegate('input', '#report-title', () => tellMissing(''), { signal });
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

  /** A fresh choice of categories for the chosen kind. */
  reset() {
    this.#showCategories(this.#given.get('kind'));
    tellMissing('');
  }

  focus() {
    this.dialog.querySelector('input:checked').focus();
  }

  say(words) {
    this.dialog.querySelector('.form-message').textContent = words;
  }

  showPlace(words) {
    this.dialog.querySelector('.report-place').textContent = words;
  }

  /** WGS84, six decimals: a tenth of a metre. */
  takePlace(lon, lat) {
    this.place = { lon: Number(lon.toFixed(6)), lat: Number(lat.toFixed(6)) };
    this.showPlace(`${this.place.lon.toFixed(5)}, ${this.place.lat.toFixed(5)}`);
  }

  /** The body of POST /api/cases but for an area; null, with a word about it, while the title is missing. */
  read() {
    const given = this.#given;
    const typed = (name) => given.get(name).trim();
    this.say('');
    if (!typed('title')) {
      tellMissing(text('js.report.title'));
      title().focus();
      return null;
    }
    const chosen = ['kind', 'category', 'severity', 'source'].map((field) => [field, given.get(field)]);
    return {
      ...Object.fromEntries(chosen),
      title: typed('title'),
      description: typed('description'),
      needs: given.getAll('needs'),
      ...(this.place || {}),
    };
  }

  get #given() {
    return new FormData(document.querySelector(FORM));
  }

  #showCategories(kind) {
    for (const group of this.dialog.querySelectorAll('[data-kind]')) {
      group.hidden = group.dataset.kind !== kind;
      for (const [place, radio] of group.querySelectorAll('input').entries()) {
        radio.disabled = group.hidden;
        radio.checked = !group.hidden && place === 0;
      }
    }
  }
}
