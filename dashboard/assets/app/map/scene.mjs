/* What the map shows of one area: its facts and the levels below, as deep as there is any use in drawing them.

   An area level: {level, version, n, child: code of a row -> code of the child of the area that holds it}. */
import { areaPath, fetchJson } from '../core/http.mjs';

const MOST_LEAVES = 250000;

/** Levels from the one below the area down to the leaves; for a leaf: its own level, read among its siblings. */
export function levelsBelow(levels, own) {
  const below = levels.slice(levels.findIndex((level) => level.code === own) + 1).map((level) => level.code);
  return below.length ? { codes: below, leaf: false } : { codes: [own], leaf: true };
}

const versionOf = (levels, code) => levels.find((level) => level.code === code)?.boundary_version ?? 1;

export class Scene {
  constructor({ facts, leaf, areaLevels, levels }) {
    this.facts = facts;
    this.code = facts.code;
    this.leaf = leaf;
    this.areaLevels = areaLevels;
    this.child = areaLevels[0];
    this.own = { level: facts.level, version: versionOf(levels, facts.level) };
    this.seq = Math.min(...areaLevels.map((areaLevel) => areaLevel.seq));
    this.isRead = false;
  }

  /** The facts as the server has them; asked for once. */
  async readFacts(signal) {
    if (!this.isRead) {
      this.facts = await fetchJson(areaPath(this.code), { signal });
      this.isRead = true;
    }
    return this.facts;
  }

  /** The scene of a child, out of what is known of this one; null where that is not enough. `bbox`: as it is seen. */
  narrowed(code, { index, levels, bbox }) {
    const row = index.get(code);
    if (this.leaf || !bbox || !this.child.child.has(code) || !row?.level) {
      return null;
    }
    const facts = { code, name: row.name, level: row.level, tier: row.tier, parent: this.code, bbox };
    const { leaf } = levelsBelow(levels, row.level);
    if (leaf) {
      return new Scene({ facts, leaf, areaLevels: [this.child], levels });
    }
    const areaLevels = this.areaLevels.slice(1).map((areaLevel) => narrowedLevel(areaLevel, code, index));
    return areaLevels.length && areaLevels.every((areaLevel) => areaLevel?.n)
      ? new Scene({ facts, leaf, areaLevels, levels })
      : null;
  }
}

/** The rows of an area level inside an area, by the parents of their parents; null when one of them is not known. */
function narrowedLevel(areaLevel, code, index) {
  const child = new Map();
  for (const [row, holder] of areaLevel.child) {
    if (holder === code) {
      const path = index.pathUp(row);
      const below = path[path.indexOf(code) - 1];
      if (!below) {
        return null;
      }
      child.set(row, below);
    }
  }
  return { ...areaLevel, child, n: child.size };
}

/** Reads facts and levels. `foresee(facts, areaLevels)` is told what will be drawn, as soon as that is known. */
export async function readScene({ code, config, index, signal, foresee }) {
  const { levels } = config;
  const facts = await fetchJson(areaPath(code), { signal });
  const { codes, leaf } = levelsBelow(levels, facts.level);
  const from = leaf && facts.parent ? facts.parent : code;
  const read = codes.map((level) => readLevel({ from, code, level, index, signal }));
  // after the levels: a browser has six connections, and the tiles would take them all
  foresee?.(
    facts,
    [facts.level, codes[0]].map((level) => ({ level, version: versionOf(levels, level) })),
  );
  const areaLevels = (await Promise.all(read)).filter((areaLevel) => areaLevel.n && areaLevel.n < MOST_LEAVES);
  index.put(code, { name: facts.name, tier: facts.tier, level: facts.level, parent: facts.parent });
  return Object.assign(new Scene({ facts, leaf, areaLevels, levels }), { isRead: true });
}

/** Above one's own scope nothing may be read: a leaf then stands alone. */
async function readLevel({ from, code, level, index, signal }) {
  try {
    return await index.readLevel(from, level, signal);
  } catch (failure) {
    if (failure.name === 'AbortError' || from === code) {
      throw failure;
    }
    return index.readLevel(code, level, signal);
  }
}

/** Neighbours have colours too; they are read when the area itself stands, unless the area above is known. */
export async function readNeighbours({ scene, index, signal, isKnown }) {
  const { parent } = scene.facts;
  if (!parent || scene.leaf || isKnown(parent)) {
    return;
  }
  await Promise.all(scene.areaLevels.map((areaLevel) => index.readLevel(parent, areaLevel.level, signal)));
}
