/* Numbers are doors: a count opens exactly the list that it counted, through the address. */
import { gridboard } from '../core/gridboard.mjs';

const { action } = gridboard.ui;

function mark(name) {
  document.querySelectorAll('[data-list]').forEach((door) => {
    door.setAttribute('aria-pressed', String(Boolean(name) && door.dataset.list === name));
  });
}

document.addEventListener('click', (event) => {
  const door = event.target.closest?.('button[data-list]');
  if (door) {
    gridboard.go({ list: gridboard.list === door.dataset.list ? null : door.dataset.list, case: null });
  }
});
action('clear-list', () => gridboard.go({ list: null }));
gridboard.on('list', (name) => {
  gridboard.list = name;
  mark(name);
});
gridboard.on('scene', () => window.requestAnimationFrame(() => mark(gridboard.list)));
