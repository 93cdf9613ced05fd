/* What can be searched: moves of the open case, keys, pages, what was opened last, which this page knows itself; areas,
   bodies, places and cases, which the server finds. */
import { remember, remembered } from '../core/dom.mjs';
import { fuzzyScore } from '../core/fuzzy.mjs';
import { fetchJson, query } from '../core/http.mjs';
import { store } from '../core/store.mjs';
import { text } from '../core/words.mjs';

const KEY = 'gridboard.commands';
const RECENT = 8;
/** From here on a word of ours is meant, and not the beginning of a name. */
const STRONG = 60;

function recentOnes() {
  try {
    return JSON.parse(remembered(KEY)) || [];
  } catch {
    return [];
  }
}

export class SearchEntries {
  #page;

  constructor(page) {
    this.#page = page;
  }

  /** Without words what was used last and all there is; with words what fits, the best first. */
  known(words) {
    const own = [...this.#moves(), ...this.#switches(), ...this.#pages()];
    if (!words) {
      const recent = recentOnes()
        .map((kept) => this.#again(kept, own))
        .filter(Boolean);
      const ids = new Set(recent.map((one) => one.id));
      return [...recent, ...own.filter((one) => !ids.has(one.id))];
    }
    const points = ({ title, alias }) => Math.max(fuzzyScore(words, title), fuzzyScore(words, alias || ''));
    const scored = own.map((entry) => ({ ...entry, points: points(entry) }));
    return scored.filter((entry) => entry.points).sort((a, b) => b.points - a.points);
  }

  /** The same with what the server finds: `rows`, and whether it `failed`. */
  async find(words, signal) {
    const near = this.known(words);
    const area = store.state.area || null;
    try {
      const { items } = await fetchJson(`/api/search${query({ q: words, area })}`, { signal });
      const strong = near.filter((entry) => this.isSure(entry));
      const rest = near.filter((entry) => !this.isSure(entry));
      return { rows: [...strong, ...items.map((hit) => this.#entry(hit)), ...rest], failed: false };
    } catch {
      return { rows: near, failed: true };
    }
  }

  isSure(entry) {
    return Boolean(entry?.points >= STRONG);
  }

  /** On this device alone: numbers and names, nothing of what a case says. */
  keep({ id, kept }) {
    if (kept) {
      const all = [{ id, ...kept }, ...recentOnes().filter((one) => one.id !== id)].slice(0, RECENT);
      remember(KEY, JSON.stringify(all));
    }
  }

  #again({ id, hit }, own) {
    const entry = hit ? this.#entry(hit) : own.find((one) => one.id === id);
    return entry && { ...entry, label: text('js.command.recent') };
  }

  #entry(hit) {
    const { type, title, label, place, code, within, case_no: no, lon, lat } = hit;
    const isCase = type === 'case';
    const id = isCase ? `case:${no}` : `${type}:${type === 'area' ? code : `${code}:${title}`}`;
    const kept = { type, title: isCase ? no : title, place: isCase ? '' : place, code, within, lon, lat };
    return {
      id,
      label,
      title,
      place: [isCase && title !== no ? no : '', place].filter(Boolean).join(' · '),
      kept: { hit: isCase ? { ...kept, case_no: no } : kept },
      run: () => this.#goTo(hit),
    };
  }

  #goTo({ type, title, code, within, case_no: no, lon, lat }) {
    const { address, foundPlace } = this.#page;
    if (type === 'case') {
      address.openCase(no, { code, within });
    } else if (type === 'area' || typeof lon !== 'number') {
      address.openArea(code);
    } else {
      foundPlace.open({ title, code, within, lon, lat });
    }
  }

  #moves() {
    const panel = this.#page.casePanel.drawn;
    const names = panel?.dataset.moves ? panel.dataset.moves.split(' ') : [];
    return names.map((name) => ({
      id: `move:${name}`,
      label: text('js.command.move'),
      title: text(`move.${name}`),
      alias: name,
      place: panel.dataset.caseNo,
      kept: {},
      run: () => this.#page.casePanel.pressMove(name),
    }));
  }

  #pages() {
    const entry = (name, title, alias, path) => ({
      id: `page:${name}`,
      label: text('js.command.page'),
      title,
      alias,
      place: path,
      kept: {},
      run: () => window.location.assign(path),
    });
    const pages = [...document.querySelectorAll('.page-link')].map((link) =>
      entry(link.dataset.page, link.textContent, link.dataset.page, link.getAttribute('href')),
    );
    const no = store.state.case;
    if (no) {
      const sheet = entry('sheet', text('js.command.sheet'), 'case sheet print', `/case/${encodeURIComponent(no)}`);
      pages.push({ ...sheet, place: no, kept: null });
    }
    return pages;
  }

  #switches() {
    const keyed = this.#page.keyboard.here.filter((one) => one.command);
    const entries = keyed.map(({ name, show, run }) => ({
      id: `key:${name}`,
      label: text('js.command.command'),
      title: text(`js.key.${name}`),
      alias: name,
      key: show,
      kept: {},
      run: () => run(),
    }));
    const button = document.querySelector('[data-action="language"]');
    return button ? [...entries, this.#language(button)] : entries;
  }

  #language(button) {
    return {
      id: 'language',
      label: text('js.command.command'),
      title: button.title,
      alias: 'language 语言',
      key: button.textContent,
      kept: {},
      run: () => button.click(),
    };
  }
}
