/* The form of a report, the same beside the map and on `/mine`: choices as chips, their values, what is missing. */
import { delegate } from '../core/dom.mjs';
import { text } from '../core/words.mjs';

const FORM = '#report-dialog';

export class ReportForm {
  place = null;

  start(signal) {
    delegate('click', `${FORM} .choice`, (chip) => this.#choose(chip), { signal });
  }

  get dialog() {
    return document.querySelector(FORM);
  }

  /** A fresh choice of categories for the chosen kind. */
  reset() {
    this.#showCategories(this.#value('kind'));
  }

  focus() {
    this.dialog.querySelector('.choice').focus();
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
    const title = document.getElementById('report-title');
    if (!title.value.trim()) {
      this.say(text('js.report.title'));
      title.focus();
      return null;
    }
    const chosen = ['kind', 'category', 'severity', 'source'].map((field) => [field, this.#value(field)]);
    return {
      ...Object.fromEntries(chosen),
      title: title.value.trim(),
      description: document.getElementById('report-description').value.trim(),
      needs: [...this.dialog.querySelectorAll('[data-need][aria-checked="true"]')].map((chip) => chip.dataset.need),
      ...(this.place || {}),
    };
  }

  #value(field) {
    return this.dialog.querySelector(`[data-field="${field}"][aria-checked="true"]`)?.dataset.value ?? null;
  }

  #choose(chip) {
    if (chip.dataset.need) {
      chip.setAttribute('aria-checked', String(chip.getAttribute('aria-checked') !== 'true'));
      return;
    }
    for (const other of chip.parentElement.querySelectorAll('.choice')) {
      other.setAttribute('aria-checked', String(other === chip));
    }
    if (chip.dataset.field === 'kind') {
      this.#showCategories(chip.dataset.value);
    }
  }

  #showCategories(kind) {
    const chips = [...this.dialog.querySelectorAll('[data-field="category"]')];
    const first = chips.find((chip) => chip.dataset.kind === kind);
    for (const chip of chips) {
      chip.hidden = chip.dataset.kind !== kind;
      chip.setAttribute('aria-checked', String(chip === first));
    }
  }
}
