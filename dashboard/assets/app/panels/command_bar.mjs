/* ctrl-K: any move of the open case, any area, any case, pages and switches from one box. Fuzzy; the latest ones come first. */
import { gridboard } from '../core/gridboard.mjs';

const { make, debounced } = gridboard.ui;
const KEY = 'gridboard.commands';
const RECENT = 8;
const SHOWN = 40;
const FEW_LETTERS = 2;

let entries = [];
let found = [];
let chosen = 0;
let asking = null;

const ground = () => document.getElementById('command-bar');
const box = () => document.getElementById('command-words');
const list = () => document.getElementById('command-list');

/** How well the words are in a text: 0 not at all; whole at the start best, letters in order still. */
function score(words, text) {
  const [w, t] = [words.toLowerCase(), text.toLowerCase()];
  if (!w) {
    return 1;
  }
  const at = t.indexOf(w);
  if (at === 0) {
    return 100;
  }
  if (at > 0) {
    return /[\s·›]/.test(t[at - 1]) ? 80 : 60;
  }
  let from = -1;
  let gaps = 0;
  for (const letter of w.replace(/\s+/g, '')) {
    const next = t.indexOf(letter, from + 1);
    if (next < 0) {
      return 0;
    }
    if (from >= 0) {
      gaps += next - from - 1;
    }
    from = next;
  }
  return Math.max(1, 40 - gaps);
}

function remembered() {
  try {
    return JSON.parse(window.localStorage.getItem(KEY)) || [];
  } catch (_refused) {
    return [];
  }
}

/** Numbers of cases and names of areas only: nothing of what a case says stays in the browser. */
function remember(entry) {
  const kept = entry.keep
    ? [{ id: entry.id, ...entry.keep }, ...remembered().filter((one) => one.id !== entry.id)].slice(0, RECENT)
    : remembered();
  try {
    window.localStorage.setItem(KEY, JSON.stringify(kept));
  } catch (_refused) {
    /* a private window forgets it */
  }
}

function openCase(no) {
  if (document.getElementById('map')) {
    gridboard.go({ case: no });
  } else {
    window.location.assign(`/case/${encodeURIComponent(no)}`);
  }
}

function openArea(code) {
  if (document.getElementById('map')) {
    gridboard.go({ area: code, case: null, list: null });
  } else {
    window.location.assign(`/map?area=${encodeURIComponent(code)}`);
  }
}

const caseEntry = (no, title) => ({
  id: `case:${no}`,
  group: 'case',
  label: title ? `${title}` : no,
  hint: no,
  alias: no,
  keep: { kind: 'case', no },
  run: () => openCase(no),
});
const areaEntry = (code, name, hint) => ({
  id: `area:${code}`,
  group: 'area',
  label: name,
  hint: hint || code,
  alias: code,
  keep: { kind: 'area', code, name },
  run: () => openArea(code),
});

function moves() {
  const panel = gridboard.panel.shown();
  if (!panel?.dataset.moves) {
    return [];
  }
  const no = panel.dataset.caseNo;
  return panel.dataset.moves.split(' ').map((name) => ({
    id: `move:${name}`,
    group: 'move',
    label: gridboard.text(`move.${name}`),
    alias: name,
    hint: no,
    keep: { kind: 'move', name },
    run: () => gridboard.panel.press(name),
  }));
}

function pages() {
  const links = [...document.querySelectorAll('.page-link')].map((link) => ({
    id: `page:${link.dataset.page}`,
    group: 'page',
    label: link.textContent,
    alias: link.dataset.page,
    hint: link.getAttribute('href'),
    keep: { kind: 'page', name: link.dataset.page },
    run: () => window.location.assign(link.href),
  }));
  const no = gridboard.state().case;
  if (no) {
    links.push({
      id: 'page:sheet',
      group: 'page',
      label: gridboard.text('js.command.sheet'),
      alias: 'case sheet print',
      hint: no,
      run: () => window.location.assign(`/case/${encodeURIComponent(no)}`),
    });
  }
  return links;
}

function switches() {
  const language = document.querySelector('[data-action="language"]');
  const keyed = gridboard.keys
    .here()
    .filter((one) => one.command)
    .map((one) => ({
      id: `key:${one.name}`,
      group: 'command',
      label: gridboard.text(`js.key.${one.name}`),
      alias: one.name,
      hint: one.show,
      keep: { kind: 'key', name: one.name },
      run: () => one.run(),
    }));
  if (language) {
    keyed.push({
      id: 'language',
      group: 'command',
      label: language.title,
      alias: 'language 语言',
      hint: language.textContent,
      keep: { kind: 'language' },
      run: () => language.click(),
    });
  }
  return keyed;
}

function recent(known) {
  return remembered()
    .map((one) => {
      if (one.kind === 'case') {
        return { ...caseEntry(one.no), group: 'recent' };
      }
      if (one.kind === 'area') {
        return { ...areaEntry(one.code, one.name), group: 'recent' };
      }
      const same = known.find((entry) => entry.id === one.id);
      return same ? { ...same, group: 'recent' } : null;
    })
    .filter(Boolean);
}

function local(words) {
  if (!words) {
    const latest = recent(entries);
    const ids = new Set(latest.map((one) => one.id));
    return [...latest, ...entries.filter((one) => !ids.has(one.id))];
  }
  return entries
    .map((one) => ({ ...one, points: Math.max(score(words, one.label), score(words, one.alias || '')) }))
    .filter((one) => one.points)
    .sort((a, b) => b.points - a.points);
}

function option(entry, place) {
  const row = make('div', 'command-item');
  row.id = `command-${place}`;
  row.setAttribute('role', 'option');
  row.setAttribute('aria-selected', String(place === chosen));
  row.dataset.command = entry.id;
  row.append(
    make('span', 'command-group', gridboard.text(`js.command.${entry.group}`)),
    make('span', 'command-label', entry.label),
  );
  if (entry.hint) {
    row.append(entry.group === 'command' ? make('kbd', '', entry.hint) : make('span', 'quiet', entry.hint));
  }
  row.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    run(place);
  });
  return row;
}

function draw() {
  chosen = Math.min(chosen, Math.max(0, found.length - 1));
  list().replaceChildren(
    ...(found.length ? found.map(option) : [make('p', 'search-none', gridboard.text('js.command.none'))]),
  );
  mark(chosen);
}

function mark(place) {
  chosen = found.length ? (place + found.length) % found.length : 0;
  [...list().querySelectorAll('[role="option"]')].forEach((row, n) =>
    row.setAttribute('aria-selected', String(n === chosen)),
  );
  const row = document.getElementById(`command-${chosen}`);
  if (row) {
    row.scrollIntoView({ block: 'nearest' });
    box().setAttribute('aria-activedescendant', row.id);
  } else {
    box().removeAttribute('aria-activedescendant');
  }
}

const ask = debounced(140, async (words) => {
  if (asking) {
    asking.abort();
  }
  if (!words) {
    return;
  }
  const { signal } = (asking = new AbortController());
  const quietly = (path) =>
    gridboard
      .fetchJson(path, { signal })
      .then((answer) => answer.items)
      .catch(() => []);
  const q = encodeURIComponent(words);
  const [hits, cases] = await Promise.all([
    quietly(`/api/search?q=${q}`),
    words.length >= FEW_LETTERS ? quietly(`/api/cases?q=${q}&status=open&limit=6`) : [],
  ]);
  if (signal.aborted || box().value.trim() !== words) {
    return;
  }
  const seen = new Set();
  const remote = [
    ...hits.map((hit) =>
      hit.type === 'case' ? caseEntry(hit.case_no, hit.title) : areaEntry(hit.code, hit.title, hit.hint),
    ),
    ...cases.map((one) => caseEntry(one.case_no, one.title)),
  ].filter((one) => !seen.has(one.id) && seen.add(one.id));
  const near = local(words);
  const strong = near.filter((one) => one.points >= 60);
  found = [...strong, ...remote, ...near.filter((one) => one.points < 60)].slice(0, SHOWN);
  draw();
});

function typed() {
  const words = box().value.trim();
  chosen = 0;
  found = local(words).slice(0, SHOWN);
  draw();
  ask(words);
}

/** A fresh box each time. */
function furnish() {
  const place = ground().querySelector('.command-box');
  const input = make('input', 'command-words');
  Object.entries({
    id: 'command-words',
    type: 'text',
    role: 'combobox',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: place.firstElementChild.textContent,
    'aria-expanded': 'true',
    'aria-controls': 'command-list',
    'aria-autocomplete': 'list',
  }).forEach(([name, value]) => input.setAttribute(name, value));
  if (box()) {
    box().remove();
  }
  place.append(input);
}

function open() {
  if (!ground()) {
    return;
  }
  entries = [...moves(), ...switches(), ...pages()];
  gridboard.dialogs.open('command-bar');
  furnish();
  box().focus();
  chosen = 0;
  found = local('').slice(0, SHOWN);
  draw();
}

function run(place) {
  const entry = found[place];
  if (!entry) {
    return;
  }
  remember(entry);
  gridboard.dialogs.close();
  entry.run();
}

document.addEventListener('input', (event) => {
  if (event.target.id === 'command-words') {
    typed();
  }
});
document.addEventListener('keydown', (event) => {
  if (event.target.id !== 'command-words' || event.isComposing || event.keyCode === 229) {
    return;
  }
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) {
    event.preventDefault();
    mark(chosen + by);
  }
  if (event.key === 'Home' && !box().value) {
    event.preventDefault();
    mark(0);
  }
  if (event.key === 'End' && !box().value) {
    event.preventDefault();
    mark(found.length - 1);
  }
  if (event.key === 'Enter') {
    event.preventDefault();
    event.stopPropagation();
    run(chosen);
  }
});

gridboard.commands = { open };
