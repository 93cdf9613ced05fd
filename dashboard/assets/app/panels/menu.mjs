/* The bar: theme, language, the person's menu, ways out. */
import { action } from '../core/dom.mjs';
import { fetchJson } from '../core/http.mjs';
import { Part } from '../core/part.mjs';

async function chooseLanguage(button) {
  await fetchJson('/api/locale', { method: 'POST', body: { locale: button.dataset.locale } });
  window.location.reload();
}

async function logOut(everywhere) {
  await fetchJson(everywhere ? '/api/logout?everywhere=1' : '/api/logout', { method: 'POST', body: {} });
  window.location.assign('/login');
}

/** What every page of ours has in its bar, `/mine` too. */
export function barActions() {
  action('theme', () => window.gridboardTheme.toggle());
  action('language', chooseLanguage);
}

export class Menu extends Part {
  connect(signal) {
    barActions();
    action('menu', (button) => this.#show(button.getAttribute('aria-expanded') !== 'true'));
    action('logout', () => logOut(false));
    action('logout-everywhere', () => logOut(true));
    action('retry', () => window.location.reload());
    action('print', () => window.print());
    const closeOutside = (event) => {
      if (!event.target.closest('.user-menu [data-action="menu"]')) {
        this.close();
      }
    };
    document.addEventListener('click', closeOutside, { signal });
  }

  close() {
    this.#show(false);
  }

  #show(open) {
    const button = document.querySelector('.user-menu [data-action="menu"]');
    if (button) {
      button.setAttribute('aria-expanded', String(open));
      button.parentElement.querySelector('.menu').hidden = !open;
    }
  }
}
