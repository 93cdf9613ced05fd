/* The filters above a list: chips of kind and severity, words. One value a field; the server filters. */
import { gridboard } from '../core/gridboard.mjs';

const { action, debounced } = gridboard.ui;
const again = debounced(250, () => gridboard.lists.restartAll());

action('toggle-filters', (button) => {
  const panel = button.closest('.case-list').querySelector('.list-filters');
  panel.hidden = !panel.hidden;
  button.setAttribute('aria-expanded', String(!panel.hidden));
});

document.addEventListener('click', (event) => {
  const chip = event.target.closest?.('.filter-chip');
  if (!chip) {
    return;
  }
  const on = chip.getAttribute('aria-pressed') !== 'true';
  chip.parentElement.querySelectorAll('.filter-chip').forEach((other) => other.setAttribute('aria-pressed', 'false'));
  chip.setAttribute('aria-pressed', String(on));
  again();
});
document.addEventListener('input', (event) => {
  if (event.target.closest?.('.list-query')) {
    again();
  }
});
