/* The search box: an area by name, initials or code, a case by its number. */
import { gridboard } from '../core/gridboard.mjs';

const { make, debounced } = gridboard.ui;
let asking = null;
let chosen = -1;

const box = () => document.getElementById('search');
const list = () => document.getElementById('search-results');
const items = () => [...list().querySelectorAll('.search-item')];

function mark(number) {
  const all = items();
  chosen = all.length ? (number + all.length) % all.length : -1;
  all.forEach((item, place) => item.setAttribute('aria-selected', String(place === chosen)));
  if (chosen >= 0) {
    all[chosen].scrollIntoView({ block: 'nearest' });
    box().setAttribute('aria-activedescendant', all[chosen].id);
  }
}

function close() {
  if (list()) {
    list().hidden = true;
  }
  if (box()) {
    box().setAttribute('aria-expanded', 'false');
  }
}

function go(found) {
  close();
  const input = box();
  input.blur();
  window.dash_clientside.set_props('search', { value: '' });
  const here = Boolean(document.getElementById('map'));
  if (found.type === 'case') {
    if (here) {
      gridboard.go({ case: found.case_no });
    } else {
      window.location.assign(`/case/${encodeURIComponent(found.case_no)}`);
    }
  } else if (here) {
    gridboard.go({ area: found.code, case: null, list: null });
  } else {
    window.location.assign(`/map?area=${encodeURIComponent(found.code)}`);
  }
}

function row(found, number) {
  const item = make('div', 'search-item');
  item.id = `search-item-${number}`;
  item.setAttribute('role', 'option');
  item.dataset.code = found.code || found.case_no;
  item.append(make('span', 'search-title', found.title), make('span', 'quiet', found.hint));
  item.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    go(found);
  });
  item.found = found;
  return item;
}

const ask = debounced(150, async (words) => {
  if (asking) {
    asking.abort();
  }
  if (!words) {
    close();
    return;
  }
  asking = new AbortController();
  let answer;
  try {
    answer = await gridboard.fetchJson(`/api/search?q=${encodeURIComponent(words)}`, { signal: asking.signal });
  } catch (_stopped) {
    return;
  }
  const rows = answer.items.map(row);
  list().replaceChildren(...(rows.length ? rows : [make('div', 'search-none', gridboard.text('js.search.none'))]));
  list().hidden = false;
  box().setAttribute('aria-expanded', 'true');
  mark(0);
});

document.addEventListener('input', (event) => {
  if (event.target.id === 'search') {
    ask(event.target.value.trim());
  }
});
document.addEventListener('focusout', (event) => {
  if (event.target.id === 'search') {
    close();
  }
});
document.addEventListener('keydown', (event) => {
  if (event.target.id !== 'search') {
    return;
  }
  if (event.key === 'Escape') {
    close();
    event.target.blur();
    return;
  }
  if (list().hidden) {
    return;
  }
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault();
    mark(chosen + (event.key === 'ArrowDown' ? 1 : -1));
  } else if (event.key === 'Enter') {
    const item = items()[chosen];
    if (item) {
      event.preventDefault();
      go(item.found);
    }
  }
});
