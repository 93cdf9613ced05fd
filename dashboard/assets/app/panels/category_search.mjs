/* Categories of a report by their name, by what residents call them, and by pinyin. */
import { delegate } from '../core/dom.mjs';
import { fuzzyScore } from '../core/fuzzy.mjs';
import { fetchJson } from '../core/http.mjs';
import { text } from '../core/words.mjs';
import { SearchBox } from './search_box.mjs';

const BOX = 'report-category-search';
const FORM = '#report-dialog form';
const SPELT = 50;
const PLAIN = 0.9;

function wordScore(word, { name, plain_name: plain = '', letters = '' }) {
  const spelt = letters.split(' ').some((one) => one.startsWith(word.toLowerCase()));
  return Math.max(fuzzyScore(word, name), PLAIN * fuzzyScore(word, plain), spelt ? SPELT : 0);
}

/** The categories in which every word is found, the likeliest first. */
export function findCategories(words, categories) {
  const wanted = words.split(/\s+/).filter(Boolean);
  const scored = categories.map((one) => ({ one, points: Math.min(...wanted.map((word) => wordScore(word, one))) }));
  const found = wanted.length ? scored.filter(({ points }) => points > 0) : [];
  return found.sort((a, b) => b.points - a.points).map(({ one }) => one);
}

/** What the form itself says of its categories. */
function drawnCategories() {
  return [...document.querySelectorAll(`${FORM} [name="category"]`)].map((radio) => ({
    code: radio.value,
    name: radio.closest('label').textContent,
    kind: radio.closest('[data-kind]').dataset.kind,
  }));
}

export class CategorySearch {
  #box;
  #choose;
  #told = null;

  /** `choose(category)`: somebody has found it. */
  constructor(choose) {
    this.#choose = choose;
    const names = { input: BOX, list: 'report-category-list', none: 'js.report.nocategory' };
    this.#box = new SearchBox({ ...names, entries: this, inForm: true });
  }

  connect(signal) {
    this.#box.connect(signal);
    delegate('focusout', `#${BOX}`, () => this.#box.close(), { signal });
  }

  get input() {
    return this.#box.input;
  }

  clear() {
    this.input.value = '';
    this.#box.close();
  }

  /** Asks once for residents' words and spellings; without an answer names alone are searched. */
  async prepare() {
    try {
      this.#told ??= (await fetchJson('/api/categories')).items;
    } catch {
      /* asked again when the form is opened next */
    }
  }

  known(words) {
    return findCategories(words, this.#told ?? drawnCategories()).map((one) => ({
      id: one.code,
      label: text(`kind.${one.kind}`),
      title: one.name,
      place: one.plain_name && one.plain_name !== one.name ? one.plain_name : '',
      run: () => this.#take(one),
    }));
  }

  async find(words) {
    await this.prepare();
    return { rows: this.known(words), failed: false };
  }

  isSure() {
    return true;
  }

  keep() {}

  #take(category) {
    this.clear();
    this.#choose(category);
  }
}
