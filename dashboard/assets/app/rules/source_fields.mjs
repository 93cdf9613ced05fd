/* One source of a factor: what it counts, and what narrows that. Only the fields of its kind are shown. */
import { text } from '../core/words.mjs';

const checked = (place) => [...place.querySelectorAll('input:checked')];
const labelOf = (box) => box.nextElementSibling.textContent;

export class SourceFields {
  #place;

  constructor(place) {
    this.#place = place;
  }

  get #origin() {
    return this.#place.querySelector('[data-choice="from"] select');
  }

  get #column() {
    return this.#place.querySelector('[data-choice="column"] select');
  }

  /** The lists and flags of the kind that is chosen. */
  get #own() {
    return [...this.#place.querySelectorAll(`[data-of="${this.#origin.value}"]`)];
  }

  fill(source) {
    this.#origin.value = source.from;
    for (const part of this.#own) {
      const wanted = source[part.dataset.list] ?? [];
      part.querySelectorAll('input[type="checkbox"]').forEach((box) => {
        box.checked = box.dataset.flag ? source[box.dataset.flag] === true : wanted.includes(box.value);
      });
    }
    if (source.column && this.#column) {
      this.#column.value = source.column;
    }
    this.follow();
  }

  /** Lists that are empty do not narrow, and stand in no document. */
  read() {
    const source = { from: this.#origin.value };
    for (const part of this.#own) {
      const chosen = checked(part);
      if (part.dataset.list && chosen.length) {
        source[part.dataset.list] = chosen.map((box) => box.value);
      }
      chosen.filter((box) => box.dataset.flag).forEach((box) => Object.assign(source, { [box.dataset.flag]: true }));
    }
    return source.from === 'column' ? { people: false, ...source, column: this.#column?.value ?? null } : source;
  }

  /** What is of another kind is away, and every list says what is chosen in it. */
  follow() {
    const { value } = this.#origin;
    for (const part of this.#place.querySelectorAll('[data-of]')) {
      part.hidden = part.dataset.of !== value;
    }
    for (const list of this.#place.querySelectorAll('[data-list]')) {
      const chosen = checked(list).map(labelOf).join(text('js.rule.joint'));
      list.querySelector('.rule-chosen').textContent = chosen || text('js.rule.all');
    }
  }

  number(path) {
    this.follow();
    const named = this.#place.querySelectorAll('[data-list], [data-choice]');
    named.forEach((part) => {
      part.dataset.path = `${path}.${part.dataset.list ?? part.dataset.choice}`;
    });
  }

  get words() {
    const source = this.#origin.selectedOptions[0]?.textContent ?? '';
    const narrowed = this.#own.flatMap(checked).map(labelOf);
    const column = this.#origin.value === 'column' && this.#column?.value;
    const what = [...(column ? [column] : []), ...narrowed].join(text('js.rule.joint'));
    return what ? text('js.rule.source.of', { source, what }) : source;
  }
}
