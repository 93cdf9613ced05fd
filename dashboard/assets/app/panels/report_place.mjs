/* Where a reported case is: an area or a key place found by its name, or a point, told by its grid and what it is near.
   A place is {lon, lat} or {area}, with `title` (what stands in the box) and `words` (what is told beneath). */
import { delegate } from '../core/dom.mjs';
import { fetchJson, query } from '../core/http.mjs';
import { store } from '../core/store.mjs';
import { text } from '../core/words.mjs';
import { SearchBox } from './search_box.mjs';

const BOX = 'report-place-search';
const MOST = 30;

/** What `/api/search` finds that a case can be at. */
export const isPlace = ({ type, lon }) => type === 'area' || (type !== 'case' && typeof lon === 'number');

/** The place of a hit: its point, else its area. */
export function placeOf({ type, title, place, code, lon, lat }) {
  if (type !== 'area' && typeof lon === 'number') {
    return { lon, lat, title, words: '' };
  }
  const way = [place, title].filter(Boolean).join(' › ');
  return { area: code, title, words: text('js.report.in-area', { area: way }) };
}

/** The part of a request: WGS84, six decimals, a tenth of a metre. */
export function bodyOf(place) {
  if (!place) {
    return {};
  }
  const six = (degrees) => Number(degrees.toFixed(6));
  return place.area ? { area: place.area } : { lon: six(place.lon), lat: six(place.lat) };
}

class PlaceEntries {
  #choose;

  constructor(choose) {
    this.#choose = choose;
  }

  /** This page knows no places itself. */
  known() {
    return [];
  }

  async find(words, signal) {
    try {
      const area = store.state.area || null;
      const { items } = await fetchJson(`/api/search${query({ q: words, area, limit: MOST })}`, { signal });
      return { rows: items.filter(isPlace).map((hit) => this.#entry(hit)), failed: false };
    } catch {
      return { rows: [], failed: true };
    }
  }

  isSure() {
    return false;
  }

  keep() {}

  #entry(hit) {
    const { type, title, label, place, code } = hit;
    return { id: `${type}:${code}:${title}`, label, title, place, run: () => this.#choose(placeOf(hit)) };
  }
}

export class ReportPlace {
  #chosen = null;
  #box;
  #chosenByName;
  #changed;

  /** `changed`: another place is chosen, or none; `chosenByName`: somebody has found it and goes on. */
  constructor({ changed, chosenByName }) {
    this.#changed = changed;
    this.#chosenByName = chosenByName;
    const entries = new PlaceEntries((place) => this.#found(place));
    const names = { input: BOX, list: 'report-place-list', none: 'js.report.none', failed: 'js.report.offline' };
    this.#box = new SearchBox({ ...names, entries, inForm: true });
  }

  connect(signal) {
    this.#box.connect(signal);
    delegate('focusout', `#${BOX}`, () => this.#box.close(), { signal });
    delegate('input', `#${BOX}`, () => this.#typed(), { signal });
  }

  get chosen() {
    return this.#chosen;
  }

  get input() {
    return this.#box.input;
  }

  /** Whether words stand there that are no place yet. */
  get isUnclear() {
    return !this.#chosen && Boolean(this.input.value.trim());
  }

  show(place) {
    this.#chosen = place;
    this.#box.close();
    this.input.value = place?.title ?? '';
    this.#draw();
  }

  clear() {
    this.show(null);
    this.#changed();
  }

  /** Says something instead of a place: that it is looked for, or not to be had. */
  say(words) {
    this.#told.textContent = words;
  }

  /** Resolves when the point is told by name; its figures stand for it where nobody can be asked. */
  async takePoint(lon, lat, title = '') {
    const place = { lon, lat, title, words: text('js.report.locating') };
    this.show(place);
    const words = await this.#wordsOf(place);
    if (this.#chosen === place) {
      place.words = words;
      this.#draw();
      this.#changed();
    }
  }

  async #wordsOf({ lon, lat }) {
    try {
      const { text: words } = await fetchJson(`/api/locate${query(bodyOf({ lon, lat }))}`);
      return words;
    } catch {
      return `${lon.toFixed(5)}, ${lat.toFixed(5)}`;
    }
  }

  #found(place) {
    if (place.area) {
      this.show(place);
      this.#changed();
    } else {
      this.takePoint(place.lon, place.lat, place.title);
    }
    this.#chosenByName();
  }

  /** Another name than that of the place is none any more. */
  #typed() {
    if (this.#chosen && this.input.value !== this.#chosen.title) {
      this.#chosen = null;
      this.#draw();
    }
    this.#changed();
  }

  get #told() {
    return document.querySelector('.report-place');
  }

  #draw() {
    this.#told.textContent = this.#chosen?.words || this.#told.dataset.none;
    this.#told.classList.toggle('report-placed', Boolean(this.#chosen));
    document.querySelector('.report-place-clear').hidden = !this.#chosen;
  }
}
