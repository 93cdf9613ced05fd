/* Trying a rule: one question on its way at most, and the last position of a slider always wins. */
import { fetchJson } from '../core/http.mjs';

const PATH = '/api/rules/preview';
const TIERS = { k: 'key', w: 'watch', n: 'normal' };

/** Tiers by code, of the grids and of the areas above them. */
export function tiersByCode({ grids, uppers }, answer) {
  const found = new Map();
  const take = (codes, letters) => {
    for (let n = 0; n < codes.length; n += 1) {
      found.set(codes[n], TIERS[letters[n]] ?? null);
    }
  };
  take(grids, answer.tiers.tier);
  take(uppers, answer.upper.tier);
  return found;
}

export class RuleTrial {
  #ask;
  #delegate;
  #next = null;
  #running = false;
  #codes = null;

  /** The delegate hears of `tried(answer, tiers, rule)`, `failed(failure, rule)`; `isLast`: nothing newer is asked. */
  constructor(delegate, ask = (body) => fetchJson(PATH, { method: 'POST', body })) {
    this.#delegate = delegate;
    this.#ask = ask;
  }

  get isLast() {
    return this.#next === null;
  }

  /** Other boundaries: the codes are asked for again. */
  forgetCodes() {
    this.#codes = null;
  }

  async ask(rule) {
    this.#next = rule;
    if (this.#running) {
      return;
    }
    this.#running = true;
    try {
      while (this.#next) {
        const asked = this.#next;
        this.#next = null;
        await this.#answer(asked);
      }
    } finally {
      this.#running = false;
      // whatever went wrong with an answer, the last position is still asked
      if (this.#next) {
        this.ask(this.#next);
      }
    }
  }

  async #answer(rule) {
    let found = null;
    try {
      found = await this.#read(rule);
    } catch (failure) {
      this.#delegate.failed(failure, rule);
      return;
    }
    this.#delegate.tried(found.answer, tiersByCode(found.codes, found.answer), rule);
  }

  /** The answer with the codes that it belongs to, whatever is forgotten meanwhile. */
  async #read(rule) {
    const known = this.#codes;
    const answer = await this.#ask(known ? { rule, columns: 'tier' } : { rule });
    const codes = known ?? { grids: answer.tiers.code, uppers: answer.upper.code };
    if (answer.tiers.tier.length !== codes.grids.length || answer.upper.tier.length !== codes.uppers.length) {
      this.#codes = null;
      return this.#read(rule);
    }
    this.#codes = this.#codes === known ? codes : null;
    return { answer, codes };
  }
}
