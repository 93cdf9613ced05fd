/* What is wrong with a field of a report, told beneath it; the server looks texts through as one leaves them. */
import { delegate } from '../core/dom.mjs';
import { fetchJson } from '../core/http.mjs';

const WRITTEN = ['title', 'description'];

export const boxOf = (field) => document.getElementById(`report-${field}`);

/** `words` '' takes it back. */
export function tell(field, words) {
  document.getElementById(`report-${field}-missing`).textContent = words;
  if (words) {
    boxOf(field)?.setAttribute('aria-invalid', 'true');
  } else {
    boxOf(field)?.removeAttribute('aria-invalid');
  }
}

export class ReportTexts {
  /** By field the text that was looked through last, and what is wrong with it ('' for nothing). */
  #looked = new Map();

  connect(signal) {
    for (const field of WRITTEN) {
      delegate('focusout', `#report-${field}`, () => this.look(field), { signal });
      delegate('input', `#report-${field}`, () => tell(field, ''), { signal });
    }
  }

  forget() {
    this.#looked.clear();
  }

  /** Fields whose text, as it stands, was found to be wrong already, with the words for it. */
  get wrong() {
    const seen = WRITTEN.filter((field) => !this.#isNew(field));
    return seen.map((field) => [field, this.#looked.get(field).told]).filter(([, told]) => told);
  }

  /** Without an answer nothing is told: the server refuses it all the same. */
  async look(...fields) {
    const asked = fields.filter((field) => boxOf(field).value.trim() && this.#isNew(field));
    const texts = Object.fromEntries(asked.map((field) => [field, boxOf(field).value]));
    if (!asked.length) {
      return;
    }
    try {
      const { items } = await fetchJson('/api/texts/check', { method: 'POST', body: texts });
      asked.forEach((field) => this.#take(field, texts[field], items));
    } catch {
      /* asked again when the field is left next */
    }
  }

  lookAtAll() {
    return this.look(...WRITTEN);
  }

  #isNew(field) {
    return this.#looked.get(field)?.value !== boxOf(field).value;
  }

  #take(field, value, items) {
    const told = items
      .filter((one) => one.field === field)
      .map((one) => one.text)
      .join(' ');
    this.#looked.set(field, { value, told });
    if (boxOf(field)?.value === value && told) {
      tell(field, told);
    }
  }
}
