/* What is known of areas: name, tier, counts, label point; merged from every answer, kept while people go up and down. */
import { gridboard } from '../core/gridboard.mjs';

const TIERS = { k: 'key', w: 'watch', n: 'normal' };

function makeAreas() {
  const byCode = new Map();

  function put(code, facts) {
    const known = byCode.get(code);
    if (known) {
      Object.assign(known, facts);
    } else {
      byCode.set(code, { code, ...facts });
    }
  }

  /** One level below (or of) an area: { level, version, n, child: code of a row -> code of the child that holds it }. */
  async function rung(area, level, signal) {
    const query = new URLSearchParams({ area, level });
    const got = await gridboard.fetchJson(`/api/tiers?${query}`, { signal });
    const child = new Map();
    got.code.forEach((code, n) => {
      put(code, {
        id: got.id[n],
        name: got.name[n],
        tier: TIERS[got.tier[n]] || null,
        open: got.open[n],
        waiting: got.waiting[n],
        lon: got.lon[n],
        lat: got.lat[n],
        level,
      });
      child.set(code, got.child[n]);
    });
    return { level, version: got.boundary_version, n: got.code.length, child, seq: got.seq };
  }

  return {
    turn: 0,
    put,
    rung,
    get: (code) => byCode.get(code),
    tierOf(code) {
      const known = byCode.get(code);
      return known?.tier || null;
    },
  };
}

gridboard.map.makeAreas = makeAreas;
