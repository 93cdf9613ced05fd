/* The form of a tiers' rule (dashboard/panels/rule_form.py draws it): a document goes in, a document comes out; what is
   wrong with a part of it is told at its field. */
import { text } from '../core/words.mjs';
import { SourceFields } from './source_fields.mjs';

const ROOM = { weight: 50, half_life_days: 365, half_rate: 50 };
/** How far a threshold can be moved, in terms of the one for key. */
const REACH = 4;
/** What a factor begins with when somebody adds one. */
const FRESH = {
  factor: '',
  names: {},
  sources: [{ from: 'cases' }],
  weight: 10,
  half_rate: 10,
  half_life_days: 60,
  settled_share: 1,
  exposure: 'households',
};

/** What was typed as a number, also in full-width digits; null for nothing, the words themselves where it is none. */
export function numberIn(words) {
  const plain = words.normalize('NFKC').trim();
  const number = Number(plain);
  return plain && Number.isFinite(number) ? number : plain || null;
}

/** The value at a path such as `thresholds.key`. */
export const valueAt = (rule, path) => path.split('.').reduce((part, name) => part?.[name], rule);

export function putAt(rule, path, value) {
  const names = path.split('.');
  const last = names.pop();
  const part = names.reduce((at, name) => {
    at[name] ??= {};
    return at[name];
  }, rule);
  part[last] = value;
}

/** A code that no other factor has. */
export function freshCode(taken) {
  for (let n = taken.length + 1; ; n += 1) {
    if (!taken.includes(`factor_${n}`)) {
      return `factor_${n}`;
    }
  }
}

const shown = (value) => (value === null || value === undefined ? '' : String(value));
const childOf = (card, name) => card.querySelector(`[data-amount="${name}"], [data-word="${CSS.escape(name)}"]`);

/** A number with its slider. */
class Amount {
  constructor(row) {
    this.slider = row.querySelector('.rule-slider');
    this.box = row.querySelector('.rule-number');
    this.name = row.dataset.amount;
  }

  get value() {
    return numberIn(this.box.value);
  }

  set value(value) {
    this.box.value = shown(value);
    this.follow();
  }

  /** The slider stands where the number says, and has room for it. */
  follow() {
    const number = this.value;
    if (typeof number === 'number') {
      this.#makeRoom(number);
      this.slider.value = String(number);
    } else if (number === null && this.name === 'half_life_days') {
      this.slider.value = this.slider.max;
    }
  }

  #makeRoom(number) {
    const usual = ROOM[this.name];
    if (usual && number > Number(this.slider.max)) {
      this.slider.max = String(Math.max(usual, Math.ceil(number * 1.5)));
    }
  }

  lead() {
    this.box.value = this.slider.value;
  }
}

export class RuleForm {
  #patterns;
  #factors;
  #reach = 0;

  constructor(form) {
    this.form = form;
    this.#patterns = document.getElementById('rule-patterns');
    this.#factors = form.querySelector('#rule-factors');
  }

  get mayTry() {
    return this.form.dataset.may !== 'read';
  }

  get version() {
    return Number(this.form.dataset.version);
  }

  fill(rule) {
    this.#eachAmount((row, amount) => {
      amount.value = valueAt(rule, row.dataset.path);
    });
    this.#factors.replaceChildren(...rule.factors.map((factor) => this.#card(factor)));
    this.#reach = REACH * (Number(rule.thresholds?.key) || 0);
    this.#settle();
    this.tellFaults([]);
  }

  read() {
    const rule = { factors: [], thresholds: {}, upper: {} };
    this.#eachAmount((row, amount) => putAt(rule, row.dataset.path, amount.value));
    rule.factors = this.#cards.map((card) => this.#readFactor(card));
    return rule;
  }

  /** The number follows the slider, or the slider the number. */
  moved(control) {
    const row = control.closest('.rule-row');
    if (row?.dataset.amount) {
      const amount = new Amount(row);
      control.matches('.rule-slider') ? amount.lead() : amount.follow();
    }
    this.#settle();
  }

  addFactor() {
    const codes = this.#cards.map((card) => childOf(card, 'factor').querySelector('input').value);
    const card = this.#card({ ...FRESH, factor: freshCode(codes) });
    this.#factors.append(card);
    this.#settle();
    card.querySelector('details').open = true;
    card.querySelector('[data-word] input').focus();
  }

  removeFactor(button) {
    const card = button.closest('.rule-factor');
    const next = card.nextElementSibling ?? card.previousElementSibling;
    card.remove();
    this.#settle();
    (next ?? this.form).querySelector('button')?.focus();
  }

  addSource(button) {
    const card = button.closest('.rule-factor');
    const made = this.#source({ from: 'cases' });
    card.querySelector('.rule-sources').append(made);
    this.#settle();
    made.querySelector('select').focus();
  }

  removeSource(button) {
    const card = button.closest('.rule-factor');
    button.closest('.rule-source').remove();
    this.#settle();
    card.querySelector('[data-action="rule-source-add"]').focus();
  }

  /** Where each field is, what is wrong with it. Answers with what has no field of its own. */
  tellFaults(errors) {
    this.form.querySelectorAll('.field-missing, .form-message').forEach((place) => place.replaceChildren());
    this.form.querySelectorAll('[aria-invalid]').forEach((control) => control.removeAttribute('aria-invalid'));
    const lost = errors.filter(({ field, detail }) => !this.#tell(field, detail));
    this.form.querySelector('.form-message').textContent = lost.map(({ detail }) => detail).join(' ');
  }

  #tell(field, detail) {
    const place = this.#placeOf(field);
    if (!place) {
      return false;
    }
    const line = place.matches('.field-missing') ? place : place.querySelector('.field-missing');
    line.textContent = detail;
    place.querySelector('.rule-number, input, select')?.setAttribute('aria-invalid', 'true');
    for (let at = line.closest('details'); at; at = at.parentElement.closest('details')) {
      at.open = true;
    }
    return true;
  }

  /** The field itself, else the first of what is in it, else that of the part around it. */
  #placeOf(field) {
    const name = CSS.escape(field);
    const found =
      this.form.querySelector(`[data-path="${name}"]`) ?? this.form.querySelector(`[data-path^="${name}."]`);
    const above = field.slice(0, Math.max(0, field.lastIndexOf('.')));
    return found || !above ? found : this.#placeOf(above);
  }

  get #cards() {
    return [...this.#factors.children];
  }

  #eachAmount(work) {
    const rows = [...this.form.querySelectorAll('.rule-row[data-amount]')];
    rows.filter((row) => !row.closest('.rule-factor')).forEach((row) => work(row, new Amount(row)));
  }

  #card(factor) {
    const card = this.#patterns.querySelector('.rule-factor').cloneNode(true);
    card.querySelectorAll('[data-amount]').forEach((row) => {
      new Amount(row).value = factor[row.dataset.amount] ?? (row.dataset.amount === 'settled_share' ? 1 : null);
    });
    card.querySelectorAll('[data-word] input').forEach((box) => {
      box.value = shown(valueAt(factor, box.closest('[data-word]').dataset.word));
    });
    card.querySelector('[data-choice="exposure"] select').value = factor.exposure;
    card.querySelector('.rule-sources').replaceChildren(...factor.sources.map((source) => this.#source(source)));
    card.names = factor.names ?? {};
    return card;
  }

  #source(source) {
    const made = this.#patterns.querySelector('.rule-source').cloneNode(true);
    new SourceFields(made).fill(source);
    return made;
  }

  #readFactor(card) {
    const factor = { names: { ...card.names } };
    card.querySelectorAll('[data-word] input').forEach((box) => {
      putAt(factor, box.closest('[data-word]').dataset.word, box.value.trim());
    });
    factor.names = Object.fromEntries(Object.entries(factor.names).filter(([, name]) => name));
    card.querySelectorAll('[data-amount]').forEach((row) => {
      factor[row.dataset.amount] = new Amount(row).value;
    });
    factor.exposure = card.querySelector('[data-choice="exposure"] select').value;
    factor.sources = [...card.querySelectorAll('.rule-source')].map((place) => new SourceFields(place).read());
    return factor;
  }

  /** Places in the document, headings, and how far the thresholds may be moved. */
  #settle() {
    this.#cards.forEach((card, place) => this.#number(card, `factors.${place + 1}`));
    const most = this.#cards.reduce((sum, card) => sum + (Number(new Amount(childOf(card, 'weight')).value) || 0), 0);
    for (const name of ['key', 'watch']) {
      const { slider, value } = new Amount(this.form.querySelector(`[data-path="thresholds.${name}"]`));
      // scores stay far below the sum of the weights as a rule
      slider.max = String(Math.max(1, Math.ceil(Math.min(most, Math.max(this.#reach, value || 0)))));
      slider.value = String(value ?? 0);
    }
  }

  #number(card, path) {
    const locale = document.documentElement.lang.replace('-', '_');
    card.querySelectorAll('[data-amount], [data-word], [data-choice]').forEach((row) => {
      if (!row.closest('.rule-source')) {
        row.dataset.path = `${path}.${row.dataset.amount ?? row.dataset.word ?? row.dataset.choice}`;
      }
    });
    const sources = [...card.querySelectorAll('.rule-source')].map((place) => new SourceFields(place));
    sources.forEach((source, place) => source.number(`${path}.sources.${place + 1}`));
    const nameIn = (one) => childOf(card, `names.${one}`)?.querySelector('input').value.trim();
    const name = nameIn(locale) || nameIn('en') || nameIn('zh_CN') || text('js.rule.factor');
    card.querySelector('.rule-name').textContent = name;
    card.setAttribute('aria-label', name);
    card.querySelector('.rule-counted').textContent = sources.map((source) => source.words).join(text('js.rule.joint'));
  }
}
