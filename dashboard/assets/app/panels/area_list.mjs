/* The list of child areas: arrow keys move, Enter or a click goes down, hovering is shared with the map. */
import { gridboard } from '../core/gridboard.mjs';

const rows = () => [...document.querySelectorAll('#area-list .area-row')];
const down = (code) => gridboard.go({ area: code, case: null, list: null });

function focusRow(row) {
  rows().forEach((other) => {
    other.tabIndex = other === row ? 0 : -1;
  });
  row.focus();
  row.scrollIntoView({ block: 'nearest' });
}

function step(row, key) {
  const all = rows();
  const at = all.indexOf(row);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[key];
  if (next !== undefined && all[next]) {
    focusRow(all[next]);
  }
  return next !== undefined;
}

document.addEventListener('keydown', (event) => {
  const row = event.target.closest?.('#area-list .area-row');
  if (!row) {
    return;
  }
  if (event.key === 'Enter' || event.key === ' ' || event.key === 'ArrowRight') {
    event.preventDefault();
    wantFocus = true;
    down(row.dataset.code);
  } else if (step(row, event.key)) {
    event.preventDefault();
  }
});

// Someone who went down by key stands in the new list, as soon as it is there.
let wantFocus = false;
gridboard.on('scene', () =>
  window.requestAnimationFrame(() => {
    if (!wantFocus) {
      return;
    }
    wantFocus = false;
    const first = rows()[0];
    if (first) {
      focusRow(first);
    }
  }),
);

document.addEventListener('click', (event) => {
  const row = event.target.closest?.('#area-list .area-row');
  if (row) {
    down(row.dataset.code);
  }
});
document.addEventListener('pointerover', (event) => {
  const row = event.target.closest?.('#area-list .area-row');
  if (row) {
    gridboard.emit('hover', { code: row.dataset.code, from: 'list' });
  }
});
gridboard.on('hover', ({ code }) =>
  rows().forEach((row) => row.classList.toggle('hovered', row.dataset.code === code)),
);
