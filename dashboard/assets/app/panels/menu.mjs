/* The bar: theme, language, the person's menu, ways out. */
import { action } from '../core/dom.mjs';
import { fetchJson } from '../core/http.mjs';
import { Part } from '../core/part.mjs';
import { confirmLeaving } from './leaving.mjs';

async function chooseLanguage(button) {
  await fetchJson('/api/locale', { method: 'POST', body: { locale: button.dataset.locale } });
  window.location.reload();
}

async function logOut(page, everywhere) {
  if (!confirmLeaving(page)) {
    return;
  }
  await fetchJson(everywhere ? '/api/logout?everywhere=1' : '/api/logout', { method: 'POST', body: {} });
  window.location.assign('/login');
}

/** What every page of ours has in its bar, `/mine` too. */
export function barActions() {
  action('theme', () => window.gridboardTheme.toggle());
  action('language', chooseLanguage);
}

/** The person's menu opens by itself: a <details>. What that does not know is to close when somebody goes elsewhere. */
export class Menu extends Part {
  #page;

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    barActions();
    action('logout', () => logOut(this.#page, false));
    action('logout-everywhere', () => logOut(this.#page, true));
    action('retry', () => window.location.reload());
    action('print', () => window.print());
    const closeElsewhere = (event) => event.target.closest('.user-menu > summary') || this.close();
    document.addEventListener('click', closeElsewhere, { signal });
  }

  /** Whether there was one to close; who was in it goes on at its button. */
  close() {
    const menu = document.querySelector('.user-menu[open]');
    if (menu?.contains(document.activeElement)) {
      menu.firstElementChild.focus();
    }
    menu?.removeAttribute('open');
    return Boolean(menu);
  }
}
