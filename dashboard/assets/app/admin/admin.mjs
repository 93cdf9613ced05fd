/* The pages of an admin: what their buttons change; what they then show is the server's. */
import { setProps } from '../core/dash.mjs';
import { action } from '../core/dom.mjs';
import { fetchJson } from '../core/http.mjs';
import { Part } from '../core/part.mjs';
import { text } from '../core/words.mjs';
import { failureWords } from '../panels/moves.mjs';

const routePath = ({ dataset }, verb) => `/api/outbox/routes/${encodeURIComponent(dataset.route)}/${verb}`;
const isSure = ({ dataset }) => window.confirm(dataset.confirm);

export class Admin extends Part {
  #page;
  #messages = { state: 'dead' };

  constructor(page) {
    super();
    this.#page = page;
  }

  connect() {
    action('messages-state', (tab) => this.#showMessages({ state: tab.dataset.state }));
    action('messages-older', ({ dataset }) => this.#showMessages({ before: Number(dataset.before) }));
    action('send-again', ({ dataset }) => this.#post(`/api/outbox/${dataset.id}/retry`, 'js.sent-again'));
    action('send-all-again', () => this.#post('/api/outbox/retry', 'js.sent-again'));
    action('resume-route', (button) => this.#resume(button));
    action('pause-route', (button) => this.#pause(button));
    action('switch-automatic', (button) => this.#switch(button));
  }

  /** Which deliveries the table shows: their state, and the one that the page begins after. */
  #showMessages({ state = this.#messages.state, before = null } = {}) {
    this.#messages = { state, before };
    setProps('messages-refresh', { data: this.#messages });
  }

  async #post(path, words, body) {
    await this.#change(path, { method: 'POST', body }, words);
    this.#showMessages();
  }

  async #change(path, options, words) {
    const { toasts } = this.#page;
    try {
      await fetchJson(path, options);
      if (words) {
        toasts.show(text(words));
      }
    } catch (failure) {
      toasts.show(failureWords(failure), { bad: true });
    }
  }

  #resume(button) {
    if (isSure(button)) {
      this.#post(routePath(button, 'resume'), 'js.route-resumed');
    }
  }

  #pause(button) {
    const box = document.getElementById(button.dataset.input);
    if (box.value.trim()) {
      this.#post(routePath(button, 'pause'), 'js.route-paused', { reason: box.value });
    } else {
      box.focus();
      this.#page.toasts.show(text('error.reason_required'), { bad: true });
    }
  }

  async #switch(button) {
    const on = button.getAttribute('aria-checked') !== 'true';
    if (!on || isSure(button)) {
      const path = `/api/auto-dispatch/${encodeURIComponent(button.dataset.code)}`;
      await this.#change(path, { method: 'PUT', body: { on } });
      setProps('automatic-refresh', { data: { code: button.dataset.code, on } });
    }
  }
}
