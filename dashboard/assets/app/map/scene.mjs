/* What the map needs of one area, read together: its facts and the levels below, as deep as there is any use in drawing them. */
import { gridboard } from '../core/gridboard.mjs';

const MOST_LEAVES = 250000;

/** Levels from the one below the area down to the leaves; for a leaf: its own level, read among its siblings. */
function rungsOf(levels, own) {
  const at = levels.findIndex((level) => level.code === own);
  const below = levels.slice(at + 1);
  return below.length ? { codes: below.map((level) => level.code), leaf: false } : { codes: [own], leaf: true };
}

async function readScene({ code, config, areas, signal, foresee }) {
  const quote = encodeURIComponent(code);
  const facts = await gridboard.fetchJson(`/api/areas/${quote}`, { signal });
  const { codes, leaf } = rungsOf(config.levels, facts.level);
  const rungOf = (level) => ({
    level,
    version: (config.levels.find((one) => one.code === level) || { boundary_version: 1 }).boundary_version,
  });
  const from = leaf && facts.parent ? facts.parent : code;
  const read = codes.map((level) =>
    areas.rung(from, level, signal).catch((failure) => {
      // Above one's own scope nothing may be read: a leaf then stands alone.
      if (failure.name === 'AbortError' || from === code) {
        throw failure;
      }
      return areas.rung(code, level, signal);
    }),
  );
  // after the levels: a browser has six connections, and the tiles would take them all
  if (foresee) {
    foresee(facts, () => [rungOf(facts.level), rungOf(codes[0])]);
  }
  const rungs = (await Promise.all(read)).filter((rung) => rung.n && rung.n < MOST_LEAVES);
  areas.put(code, { name: facts.name, tier: facts.tier, level: facts.level });
  return {
    code,
    facts,
    leaf,
    rungs,
    own: rungOf(facts.level),
    child: rungs[0],
    seq: Math.min(...rungs.map((rung) => rung.seq)),
  };
}

/** Neighbours have colours too; they are read when the area itself stands. */
async function readAround({ scene, areas, signal }) {
  if (!scene.facts.parent || scene.leaf) {
    return;
  }
  await Promise.all(scene.rungs.map((rung) => areas.rung(scene.facts.parent, rung.level, signal)));
}

gridboard.map.readScene = readScene;
gridboard.map.readAround = readAround;
