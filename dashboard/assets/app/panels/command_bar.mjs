/* ctrl-K: any move of the open case, any area, any case, pages and switches from one box. Fuzzy; the latest ones come
   first. */
import { delegate, make, remember, remembered } from '../core/dom.mjs';
import { fuzzyScore } from '../core/fuzzy.mjs';
import { fetchJson, query } from '../core/http.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';
import { debounced } from '../core/timers.mjs';
import { text } from '../core/words.mjs';

const KEY = 'gridboard.commands';
const RECENT = 8;
const SHOWN = 40;
const FEW_LETTERS = 2;
const STRONG = 60;
const WAIT_MS = 140;
const INPUT = {
  id: 'command-words',
  type: 'text',
  role: 'combobox',
  autocomplete: 'off',
  spellcheck: 'false',
  'aria-expanded': 'true',
  'aria-controls': 'command-list',
  'aria-autocomplete': 'list',
};

const bar = () => document.getElementById('command-bar');
const box = () => document.getElementById('command-words');
const list = () => document.getElementById('command-list');

function recentKeys() {
  try {
    return JSON.parse(remembered(KEY)) || [];
  } catch {
    return [];
  }
}

/** Numbers of cases and names of areas only: nothing of what a case says stays in the browser. */
function keepRecent({ id, keep }) {
  if (keep) {
    const kept = [{ id, ...keep }, ...recentKeys().filter((one) => one.id !== id)].slice(0, RECENT);
    remember(KEY, JSON.stringify(kept));
  }
}

/** A fresh box each time. */
function furnish() {
  const place = bar().querySelector('.command-box');
  const input = make('input', 'command-words');
  for (const [name, value] of Object.entries({ ...INPUT, placeholder: place.firstElementChild.textContent })) {
    input.setAttribute(name, value);
  }
  box()?.remove();
  place.append(input);
  input.focus();
}

export class CommandBar extends Part {
  #page;
  #entries = [];
  #found = [];
  #marked = 0;
  #asking = null;
  #askLater = debounced(WAIT_MS, (words) => this.#ask(words));

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    delegate('input', '#command-words', () => this.#typed(), { signal });
    delegate('keydown', '#command-words', (_, event) => this.#pressed(event), { signal });
    const take = (row, event) => {
      event.preventDefault();
      this.#run(this.#found.findIndex((entry) => entry.id === row.dataset.command));
    };
    delegate('pointerdown', '#command-list .command-item', take, { signal });
  }

  open() {
    if (bar()) {
      this.#entries = [...this.#moves(), ...this.#switches(), ...this.#pages()];
      this.#page.dialogs.open('command-bar');
      furnish();
      this.#show(this.#local(''));
    }
  }

  #caseEntry(no, title) {
    const run = () => this.#page.address.openCase(no);
    return {
      id: `case:${no}`,
      group: 'case',
      label: title || no,
      hint: no,
      alias: no,
      keep: { kind: 'case', no },
      run,
    };
  }

  #areaEntry(code, name, hint = code) {
    const run = () => this.#page.address.openArea(code);
    const keep = { kind: 'area', code, name };
    return { id: `area:${code}`, group: 'area', label: name, hint, alias: code, keep, run };
  }

  #moves() {
    const panel = this.#page.casePanel.drawn;
    const names = panel?.dataset.moves ? panel.dataset.moves.split(' ') : [];
    return names.map((name) => ({
      id: `move:${name}`,
      group: 'move',
      label: text(`move.${name}`),
      alias: name,
      hint: panel.dataset.caseNo,
      keep: { kind: 'move', name },
      run: () => this.#page.casePanel.pressMove(name),
    }));
  }

  #pages() {
    const entry = (name, label, alias, path) => ({
      id: `page:${name}`,
      group: 'page',
      label,
      alias,
      hint: path,
      keep: { kind: 'page', name },
      run: () => window.location.assign(path),
    });
    const pages = [...document.querySelectorAll('.page-link')].map((link) =>
      entry(link.dataset.page, link.textContent, link.dataset.page, link.getAttribute('href')),
    );
    const no = store.state.case;
    if (no) {
      const sheet = entry('sheet', text('js.command.sheet'), 'case sheet print', `/case/${encodeURIComponent(no)}`);
      pages.push({ ...sheet, hint: no, keep: null });
    }
    return pages;
  }

  #switches() {
    const keyed = this.#page.keyboard.here.filter((one) => one.command);
    const entries = keyed.map(({ name, show, run }) => ({
      id: `key:${name}`,
      group: 'command',
      label: text(`js.key.${name}`),
      alias: name,
      hint: show,
      keep: { kind: 'key', name },
      run: () => run(),
    }));
    const button = document.querySelector('[data-action="language"]');
    if (button) {
      const [label, hint] = [button.title, button.textContent];
      const run = () => button.click();
      entries.push({
        id: 'language',
        group: 'command',
        label,
        alias: 'language 语言',
        hint,
        keep: { kind: 'language' },
        run,
      });
    }
    return entries;
  }

  #recent() {
    const entryOf = ({ id, kind, no, code, name }) => {
      if (kind === 'case') {
        return this.#caseEntry(no);
      }
      return kind === 'area' ? this.#areaEntry(code, name) : this.#entries.find((entry) => entry.id === id);
    };
    const found = recentKeys().map(entryOf).filter(Boolean);
    return found.map((entry) => ({ ...entry, group: 'recent' }));
  }

  /** What this page itself knows, the best first. */
  #local(words) {
    if (!words) {
      const recent = this.#recent();
      const ids = new Set(recent.map((one) => one.id));
      return [...recent, ...this.#entries.filter((one) => !ids.has(one.id))];
    }
    const points = ({ label, alias }) => Math.max(fuzzyScore(words, label), fuzzyScore(words, alias || ''));
    const scored = this.#entries.map((entry) => ({ ...entry, points: points(entry) }));
    return scored.filter((entry) => entry.points).sort((a, b) => b.points - a.points);
  }

  async #ask(words) {
    this.#asking?.abort();
    if (!words) {
      return;
    }
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    const quietly = (path) =>
      fetchJson(path, { signal }).then(
        (answer) => answer.items,
        () => [],
      );
    const [hits, cases] = await Promise.all([
      quietly(`/api/search${query({ q: words })}`),
      words.length >= FEW_LETTERS ? quietly(`/api/cases${query({ q: words, status: 'open', limit: 6 })}`) : [],
    ]);
    if (!signal.aborted && box()?.value.trim() === words) {
      this.#merge(words, hits, cases);
    }
  }

  #merge(words, hits, cases) {
    const seen = new Set();
    const remote = [
      ...hits.map((hit) =>
        hit.type === 'case' ? this.#caseEntry(hit.case_no, hit.title) : this.#areaEntry(hit.code, hit.title, hit.hint),
      ),
      ...cases.map((one) => this.#caseEntry(one.case_no, one.title)),
    ].filter((entry) => !seen.has(entry.id) && seen.add(entry.id));
    const near = this.#local(words);
    const strong = near.filter((entry) => entry.points >= STRONG);
    this.#show([...strong, ...remote, ...near.filter((entry) => entry.points < STRONG)], this.#marked);
  }

  #typed() {
    const words = box().value.trim();
    this.#show(this.#local(words));
    this.#askLater(words);
  }

  #show(entries, marked = 0) {
    this.#found = entries.slice(0, SHOWN);
    const rows = this.#found.map((entry, place) => this.#row(entry, place));
    list().replaceChildren(...(rows.length ? rows : [make('p', 'search-none', text('js.command.none'))]));
    this.#mark(Math.min(marked, Math.max(0, this.#found.length - 1)));
  }

  #row(entry, place) {
    const row = make('div', 'command-item');
    row.id = `command-${place}`;
    row.setAttribute('role', 'option');
    row.dataset.command = entry.id;
    row.append(
      make('span', 'command-group', text(`js.command.${entry.group}`)),
      make('span', 'command-label', entry.label),
    );
    if (entry.hint) {
      row.append(entry.group === 'command' ? make('kbd', '', entry.hint) : make('span', 'quiet', entry.hint));
    }
    return row;
  }

  #mark(place) {
    const rows = [...list().querySelectorAll('[role="option"]')];
    this.#marked = rows.length ? (place + rows.length) % rows.length : 0;
    rows.forEach((row, n) => row.setAttribute('aria-selected', String(n === this.#marked)));
    if (rows.length) {
      rows[this.#marked].scrollIntoView({ block: 'nearest' });
      box().setAttribute('aria-activedescendant', rows[this.#marked].id);
    } else {
      box().removeAttribute('aria-activedescendant');
    }
  }

  #pressed(event) {
    if (event.isComposing || event.keyCode === 229) {
      return;
    }
    const ends = box().value ? {} : { Home: 0, End: this.#found.length - 1 };
    const to = { ArrowDown: this.#marked + 1, ArrowUp: this.#marked - 1, ...ends }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.#mark(to);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      event.stopPropagation();
      this.#run(this.#marked);
    }
  }

  #run(place) {
    const entry = this.#found[place];
    if (entry) {
      keepRecent(entry);
      this.#page.dialogs.close();
      entry.run();
    }
  }
}
