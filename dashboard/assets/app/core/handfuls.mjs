/* A long list sent in handfuls, each with a key of its own until its answer has come: sent again, it has one effect. */
import { uniqueKey } from './dom.mjs';

export class Handfuls {
  #waiting = [];
  answers = [];

  constructor(items, size) {
    for (let from = 0; from < items.length; from += size) {
      this.#waiting.push({ items: items.slice(from, from + size), key: uniqueKey() });
    }
  }

  /** `post(items, key)` resolves with the answers of one handful; `told(n)` hears how many items have one. Throws what
      went wrong: whatever was answered stays, and the next call goes on. */
  async send(post, told = () => {}) {
    while (this.#waiting.length) {
      const [{ items, key }] = this.#waiting;
      this.answers.push(...(await post(items, key)));
      this.#waiting.shift();
      told(this.answers.length);
    }
    return this.answers;
  }

  /** They were refused as they are, and are going to say something else. */
  renew() {
    this.#waiting = this.#waiting.map(({ items }) => ({ items, key: uniqueKey() }));
  }
}
