/* A combobox over its listbox (WAI-ARIA: editable, with a list that is found while one types), the same in the bar and
   behind ctrl-K. What this page knows itself stands there at once, what the server finds a moment later. */
import { delegate, make } from '../core/dom.mjs';
import { debounced } from '../core/timers.mjs';
import { text } from '../core/words.mjs';

const WAIT_MS = 120;
const SHOWN = 40;

export class SearchBox {
  #id;
  #entries;
  #stays;
  #leave;
  #inForm;
  #notes;
  #found = [];
  #marked = 0;
  #asking = null;
  #state = 'known';
  #opens = false;
  #askLater = debounced(WAIT_MS, (words) => this.#ask(words));

  /** `entries`: where the rows come from (SearchEntries). `stays`: the list is there while nothing is typed. `leave`:
      what ends the search, before the way there. `inForm`: a field among others, an Escape without a list is not for
      it. `none`, `failed`: keys of the words for nothing found, and for no answer. */
  constructor({ input, list, entries, stays = false, leave = () => {}, inForm = false, none, failed }) {
    this.#id = { input, list };
    this.#entries = entries;
    this.#stays = stays;
    this.#leave = leave;
    this.#inForm = inForm;
    this.#notes = { none: none ?? 'js.search.none', failed: failed ?? 'js.search.failed' };
  }

  connect(signal) {
    const box = `#${this.#id.input}`;
    delegate('input', box, () => this.typed(), { signal });
    delegate('keydown', box, (_, event) => this.#pressed(event), { signal });
    const take = (row, event) => {
      event.preventDefault();
      this.#run(this.#found.findIndex((entry) => entry.id === row.dataset.found));
    };
    // a finger that only scrolls the list presses no mouse button
    delegate('mousedown', `#${this.#id.list} [data-found]`, take, { signal });
  }

  get input() {
    return document.getElementById(this.#id.input);
  }

  get #list() {
    return document.getElementById(this.#id.list);
  }

  get #words() {
    return this.input.value.trim();
  }

  get isOpen() {
    return Boolean(this.#list) && !this.#list.hidden;
  }

  /** Shows what belongs to the words that stand there. */
  typed() {
    const words = this.#words;
    this.#asking?.abort();
    this.#opens = false;
    this.#state = words ? 'asking' : 'known';
    if (!words && !this.#stays) {
      this.close();
      return;
    }
    this.#show(this.#entries.known(words));
    this.#askLater(words);
  }

  close() {
    this.#asking?.abort();
    this.#asking = null;
    this.#opens = false;
    this.#found = [];
    if (this.#list) {
      this.#list.hidden = true;
      this.#list.replaceChildren();
      this.input?.setAttribute('aria-expanded', 'false');
      this.input?.removeAttribute('aria-activedescendant');
    }
  }

  async #ask(words) {
    if (!words || words !== this.input?.value.trim()) {
      return;
    }
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.#state = 'asking';
    const { rows, failed } = await this.#entries.find(words, asking.signal);
    if (asking.signal.aborted || this.input?.value.trim() !== words) {
      return;
    }
    this.#state = failed ? 'failed' : 'known';
    this.#show(rows, this.#marked);
    if (this.#opens) {
      this.#run(0);
    }
  }

  #show(entries, marked = 0) {
    this.#found = entries.slice(0, SHOWN);
    const rows = this.#found.map((entry, place) => this.#row(entry, place));
    const note = this.#note();
    this.#list.replaceChildren(...rows, ...(note ? [note] : []));
    this.#list.hidden = false;
    this.#list.setAttribute('aria-busy', String(this.#state === 'asking'));
    this.input.setAttribute('aria-expanded', 'true');
    this.#mark(Math.min(marked, Math.max(0, this.#found.length - 1)));
  }

  /** Still looking, not to be had, or nothing found; the first two beside what is there already. */
  #note() {
    const empty = this.#found.length ? '' : this.#notes.none;
    const key = { asking: 'js.search.asking', failed: this.#notes.failed, known: empty }[this.#state];
    if (!key) {
      return null;
    }
    const note = make('div', 'found-note', text(key));
    note.setAttribute('role', 'option');
    note.setAttribute('aria-disabled', 'true');
    note.dataset.state = this.#state;
    return note;
  }

  #row(entry, place) {
    const row = make('div', 'found');
    row.id = `${this.#id.list}-${place}`;
    row.setAttribute('role', 'option');
    row.dataset.found = entry.id;
    const words = make('span', 'found-words');
    words.append(make('span', 'found-title', entry.title));
    if (entry.place) {
      words.append(make('span', 'found-place', entry.place));
    }
    row.append(make('span', 'found-kind', entry.label), words);
    if (entry.key) {
      row.append(make('kbd', '', entry.key));
    }
    return row;
  }

  #mark(place) {
    const rows = [...this.#list.querySelectorAll('[data-found]')];
    this.#marked = rows.length ? (place + rows.length) % rows.length : 0;
    rows.forEach((row, n) => row.setAttribute('aria-selected', String(n === this.#marked)));
    if (rows.length) {
      rows[this.#marked].scrollIntoView({ block: 'nearest' });
      this.input.setAttribute('aria-activedescendant', rows[this.#marked].id);
    } else {
      this.input.removeAttribute('aria-activedescendant');
    }
  }

  #pressed(event) {
    if (event.isComposing || event.keyCode === 229) {
      return;
    }
    const ends = this.input.value ? {} : { Home: 0, End: this.#found.length - 1 };
    const to = { ArrowDown: this.#marked + 1, ArrowUp: this.#marked - 1, ...ends }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.#step(to);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      event.stopPropagation();
      this.#enter();
    } else if (event.key === 'Escape' && this.#takesEscape) {
      event.preventDefault();
      this.#escape();
    }
  }

  /** An arrow opens the closed list. */
  #step(to) {
    if (this.isOpen) {
      this.#mark(to);
    } else {
      this.#show(this.#entries.known(this.#words));
      this.#askLater(this.#words);
    }
  }

  /** Who types and presses at once means what is about to be found, unless a command is spelt out already. */
  #enter() {
    if (this.#state === 'asking' && !this.#entries.isSure(this.#found[this.#marked])) {
      this.#opens = true;
    } else if (this.#state === 'failed' && !this.#found.length) {
      this.typed();
    } else {
      this.#run(this.#marked);
    }
  }

  get #takesEscape() {
    return this.#inForm ? this.isOpen : !this.#stays;
  }

  /** First the list, then the words. */
  #escape() {
    if (this.isOpen) {
      this.close();
    } else {
      this.input.value = '';
      this.input.blur();
    }
  }

  #run(place) {
    const entry = this.#found[place];
    if (entry) {
      this.#entries.keep(entry);
      this.close();
      this.#leave();
      entry.run();
    }
  }
}
