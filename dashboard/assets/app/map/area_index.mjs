/* What is known of areas: name, tier, counts, label point, parent; merged from every answer, kept while people go up and down. */
import { fetchJson, query } from '../core/http.mjs';

const TIERS = { k: 'key', w: 'watch', n: 'normal' };
const MOST_LEVELS = 20;

export class AreaIndex {
  #rows = new Map();

  /** Grows whenever tiers may have changed: what was coloured before is coloured again. */
  turn = 0;

  get(code) {
    return this.#rows.get(code);
  }

  put(code, facts) {
    const known = this.#rows.get(code);
    if (known) {
      Object.assign(known, facts);
    } else {
      this.#rows.set(code, { code, ...facts });
    }
  }

  tierOf(code) {
    return this.#rows.get(code)?.tier || null;
  }

  changed() {
    this.turn += 1;
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

  /** A level within an area as the server has it: {level, version, n, child: code of a row -> code of the area directly below
      `area` that holds it, seq}. */
  async readLevel(area, level, signal) {
    const got = await fetchJson(`/api/tiers${query({ area, level })}`, { signal });
    const child = new Map();
    got.code.forEach((code, n) => {
      this.put(code, {
        id: got.id[n],
        name: got.name[n],
        tier: TIERS[got.tier[n]] || null,
        open: got.open[n],
        waiting: got.waiting[n],
        lon: got.lon[n],
        lat: got.lat[n],
        parent: got.parent?.[n],
        level,
      });
      child.set(code, got.child[n]);
    });
    return { level, version: got.boundary_version, n: got.code.length, child, seq: got.seq };
  }
}
