/* The address holds the view. `parseAddress` and `changedAddress` are pure; `Address` keeps store and address in
   step. */
import { setProps } from './dash.mjs';
import { NO_FILTER, parseFilter, withoutPlace } from './filter.mjs';
import { momentWord } from './past.mjs';
import { store } from './store.mjs';

const WORDS = ['area', 'case', 'group', 'at', 'level'];

/** What a query string says; '' for what it does not, `layers` null when they are as usual. */
export function parseAddress(search) {
  const asked = new URLSearchParams(search);
  const found = Object.fromEntries(WORDS.map((name) => [name, asked.get(name) || '']));
  const layers = asked.has('layers') ? asked.get('layers').split(',').filter(Boolean) : null;
  return { ...found, filter: parseFilter(asked), layers, asOf: momentWord(asked.get('as_of')) };
}

/** The query string after changes. Null, undefined and '' take a value out; an empty list stays. */
export function changedAddress(search, changes) {
  const asked = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    const words = Array.isArray(value) ? value.join(',') : value;
    if (words === null || words === undefined || (words === '' && !Array.isArray(value))) {
      asked.delete(name);
    } else {
      asked.set(name, words);
    }
  }
  return asked.toString() ? `?${asked}`.replace(/%2C/g, ',') : '';
}

/** What takes the page to an area, unless it shows that one or one around it. */
function areaChange(code, within) {
  const { area, config } = store.state;
  const present = area || config?.root;
  return code && !within.includes(present) ? { area: code, ...NO_FILTER } : {};
}

export class Address {
  #wanted = null;

  constructor() {
    store.set(parseAddress(window.location.search));
    if (!/^\/(map)?$/.test(window.location.pathname)) {
      store.set({ asOf: '' });
    }
  }

  start() {
    // back and forward are wishes of their own: what was asked for before is over
    window.addEventListener('popstate', () => {
      this.#wanted = null;
    });
  }

  get search() {
    return this.#wanted ?? window.location.search;
  }

  /** Writes changes into the address. The page follows at once, the browser's history a moment later. */
  navigate(changes) {
    if (!document.getElementById('map')) {
      window.location.assign(`/map${changedAddress('', changes)}`);
      return;
    }
    const search = changedAddress(this.search, changes);
    if (search === this.search) {
      return;
    }
    this.#wanted = search;
    store.set(parseAddress(search));
    setProps('url', { search });
  }

  /** One filter instead of the present one: what a number counted, it lists. */
  filter(words) {
    this.navigate({ ...NO_FILTER, ...words, case: null });
  }

  /** One word of the filter; the same again takes it out. */
  toggleFilter(name, value) {
    this.navigate({ [name]: store.state.filter[name] === value ? null : value });
  }

  clearFilter() {
    this.navigate(NO_FILTER);
  }

  /** The filter stays, for what it says of any area. */
  openArea(code) {
    this.navigate({ area: code, case: null, at: null, ...withoutPlace(store.state.filter) });
  }

  /** A point of the map, "lon,lat". `code`, `within`: as for a case. */
  openPoint(at, { code, within }) {
    this.navigate({ ...areaChange(code, within), case: null, at });
  }

  /** Beside a map the case opens there, elsewhere on its own page. `code`: its area, `within`: the codes of the areas
      that hold it: where none of them is the present one, the page goes to the case's own. */
  openCase(no, { code = '', within = [] } = {}) {
    if (document.getElementById('case-panel')) {
      this.navigate({ ...areaChange(code, within), case: no, at: null });
    } else {
      window.location.assign(`/case/${encodeURIComponent(no)}`);
    }
  }

  /** Dash tells which address it has come to; one that was overtaken by a later wish passes by. */
  arrived(search) {
    if (this.#wanted !== null && search !== this.#wanted) {
      return;
    }
    this.#wanted = null;
    store.set(parseAddress(search));
  }
}
