/* The bar: theme, language, the person's menu, ways out. */
import { gridboard } from '../core/gridboard.mjs';

const { action } = gridboard.ui;

action('theme', () => window.gridboardTheme.toggle());

action('language', async (element) => {
  await gridboard.fetchJson('/api/locale', { method: 'POST', body: { locale: element.dataset.locale } });
  window.location.reload();
});

function menu(open) {
  const button = document.querySelector('.user-menu [data-action="menu"]');
  if (!button) {
    return;
  }
  button.setAttribute('aria-expanded', String(open));
  button.parentElement.querySelector('.menu').hidden = !open;
}

action('menu', (button) => menu(button.getAttribute('aria-expanded') !== 'true'));
document.addEventListener('click', (event) => {
  if (!event.target.closest('.user-menu [data-action="menu"]')) {
    menu(false);
  }
});

async function leave(everywhere) {
  await gridboard.fetchJson(everywhere ? '/api/logout?everywhere=1' : '/api/logout', { method: 'POST', body: {} });
  window.location.assign('/login');
}

action('logout', () => leave(false));
action('logout-everywhere', () => leave(true));
action('retry', () => window.location.reload());
action('print', () => window.print());

gridboard.closeMenu = () => menu(false);
