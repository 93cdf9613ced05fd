/* What is known of areas: name, tier, counts, label point, parent; merged from every answer, kept while people go up
   and down. */
import { fetchJson, query } from '../core/http.mjs';

export const TIERS = { k: 'key', w: 'watch', n: 'normal' };
const FIGURES = 'tier,open,waiting';
const MOST_LEVELS = 20;

export class AreaIndex {
  #rows = new Map();
  #levels = new Map();
  #tried = null;

  /** Grows whenever a tier has changed: what was coloured before is coloured again. */
  turn = 0;

  get(code) {
    return this.#rows.get(code);
  }

  put(code, facts) {
    const known = this.#rows.get(code);
    if ('tier' in facts && facts.tier !== known?.tier) {
      this.turn += 1;
    }
    if (known) {
      Object.assign(known, facts);
    } else {
      this.#rows.set(code, { code, ...facts });
    }
  }

  /** The tier that is shown: that of a rule which is tried, else the one in force. */
  tierOf(code) {
    const tried = this.#tried?.get(code);
    return (tried === undefined ? this.#rows.get(code)?.tier : tried) || null;
  }

  /** Tiers by code in place of those in force; null ends it. */
  tryOn(tiers) {
    if (tiers !== this.#tried) {
      this.#tried = tiers;
      this.turn += 1;
    }
  }

  /** The area itself, then those that hold it, as far as they are known. */
  pathUp(code) {
    const path = [];
    for (let at = code; at && path.length < MOST_LEVELS; at = this.#rows.get(at)?.parent) {
      path.push(at);
    }
    return path;
  }

  isInside(code, ancestor) {
    return this.pathUp(code).includes(ancestor);
  }

  /** A level within an area as the server has it: {level, version, n, child: code of a row -> code of the area
      directly below `area` that holds it, seq}. Who and where the areas are is asked for once; after that tiers and
      counts alone. */
  async readLevel(area, level, signal) {
    const key = `${area}/${level}`;
    const known = this.#levels.get(key);
    const columns = known ? FIGURES : null;
    const got = await fetchJson(`/api/tiers${query({ area, level, columns })}`, { signal });
    if (known && got.revision !== known.revision) {
      this.#levels.delete(key);
      return this.readLevel(area, level, signal);
    }
    if (!known) {
      this.#takeAreas(key, got);
    }
    const { code, child } = this.#levels.get(key);
    for (let n = 0; n < code.length; n += 1) {
      this.#takeFigures(this.#rows.get(code[n]), TIERS[got.tier[n]] || null, got.open[n], got.waiting[n]);
    }
    return { level, version: got.boundary_version, n: code.length, child, seq: got.seq };
  }

  #takeFigures(row, tier, open, waiting) {
    if (row.tier !== tier) {
      this.turn += 1;
    }
    row.tier = tier;
    row.open = open;
    row.waiting = waiting;
  }

  #takeAreas(key, got) {
    const { level, code, id, name, lon, lat, parent } = got;
    const child = new Map();
    for (let n = 0; n < code.length; n += 1) {
      const one = code[n];
      const row = this.#rows.get(one) || { code: one, tier: undefined, open: 0, waiting: 0 };
      Object.assign(row, { level, id: id[n], name: name[n], lon: lon[n], lat: lat[n], parent: parent?.[n] });
      this.#rows.set(one, row);
      child.set(one, got.child[n]);
    }
    this.#levels.set(key, { revision: got.revision, code, child });
  }
}
