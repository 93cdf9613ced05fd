/* A code that is found by name: what could be meant is offered beneath the field as buttons. */
import { delegate, make, makeButton } from '../core/dom.mjs';
import { fetchJson, query } from '../core/http.mjs';
import { Part } from '../core/part.mjs';
import { debounced } from '../core/timers.mjs';

const WAIT_MS = 200;
const MOST = 6;

/** Hits of a search and rows of a list alike. */
const read = ({ code, title, name, hint, area }) => ({ code, name: title ?? name, where: hint ?? area ?? '' });

function buttonFor({ code, name, where }) {
  const button = makeButton('suggestion', null, { code, name });
  button.append(make('strong', '', name), make('span', 'figures', code), make('span', 'quiet', where));
  return button;
}

export class Suggestions extends Part {
  #asking = null;

  connect(signal) {
    const ask = debounced(WAIT_MS, (box) => this.#ask(box));
    const typed = (box) => {
      box.parentElement.querySelector('.field-chosen').textContent = '';
      ask(box);
    };
    delegate('input', '[data-suggest]', typed, { signal });
    delegate('click', '.suggestion', (button) => this.#choose(button), { signal });
  }

  async #ask(box) {
    this.#asking?.abort();
    this.#asking = new AbortController();
    const words = box.value.trim();
    const { signal } = this.#asking;
    const path = `${box.dataset.suggest}${query({ q: words, limit: 40 })}`;
    const { items } = words ? await fetchJson(path, { signal }).catch(() => ({ items: [] })) : { items: [] };
    if (!signal.aborted && box.isConnected) {
      this.#offer(box, items.filter(({ type = 'area' }) => type === 'area').map(read));
    }
  }

  #offer(box, found) {
    const meant = found.find(({ code }) => code === box.value.trim());
    box.parentElement.querySelector('.field-chosen').textContent = meant?.name ?? '';
    const shown = meant ? [] : found.slice(0, MOST);
    box.parentElement.querySelector('.suggestions').replaceChildren(...shown.map(buttonFor));
  }

  #choose(button) {
    const place = button.closest('.field-suggested');
    const box = place.querySelector('[data-suggest]');
    box.value = button.dataset.code;
    box.dispatchEvent(new Event('change', { bubbles: true }));
    place.querySelector('.field-chosen').textContent = button.dataset.name;
    place.querySelector('.suggestions').replaceChildren();
    box.focus();
  }
}
