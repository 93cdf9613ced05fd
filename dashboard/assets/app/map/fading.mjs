/* Lines that end at the edge of what is known fade out before it: a base map that ends in a rectangle looks torn. */

/** How far from the edge the fading begins, as a share of the extent, and in how many steps. */
const BAND = 0.1;
const STEPS = 6;

/** [west, south, east, north] of lines of [lng, lat]. */
export function boundsOf(lines) {
  const bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const line of lines) {
    for (const [lng, lat] of line) {
      bounds[0] = Math.min(bounds[0], lng);
      bounds[1] = Math.min(bounds[1], lat);
      bounds[2] = Math.max(bounds[2], lng);
      bounds[3] = Math.max(bounds[3], lat);
    }
  }
  return bounds;
}

/** 0 at the edge, STEPS inside. */
function stepAt([lng, lat], [west, south, east, north]) {
  const across = Math.min(lng - west, east - lng) / ((east - west) * BAND);
  const along = Math.min(lat - south, north - lat) / ((north - south) * BAND);
  return Math.max(0, Math.min(STEPS, Math.ceil(Math.min(across, along) * STEPS)));
}

/** The line with a corner at least every `most` degrees, so that a long leg fades as well. */
function withCorners(line, most) {
  return line.flatMap((to, n) => {
    const from = line[n - 1] ?? to;
    const pieces = Math.max(1, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / most));
    return Array.from({ length: pieces }, (_, piece) => {
      const share = (piece + 1) / pieces;
      return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
    });
  });
}

/** The pieces of lines by how much of their colour they keep: [[share, lines], ...], the faintest first. */
export function fadingPieces(lines, bounds = boundsOf(lines)) {
  const most = (Math.min(bounds[2] - bounds[0], bounds[3] - bounds[1]) * BAND) / STEPS;
  const pieces = new Map();
  for (const line of lines) {
    let piece = null;
    let step = -1;
    for (const corner of most > 0 ? withCorners(line, most) : line) {
      const here = most > 0 ? stepAt(corner, bounds) : STEPS;
      piece?.push(corner);
      if (here !== step) {
        piece = [corner];
        step = here;
        pieces.set(here, [...(pieces.get(here) ?? []), piece]);
      }
    }
  }
  return [...pieces.entries()]
    .map(([step, found]) => [step / STEPS, found.filter((piece) => piece.length > 1)])
    .filter(([share, found]) => share > 0 && found.length)
    .sort(([one], [other]) => one - other);
}
