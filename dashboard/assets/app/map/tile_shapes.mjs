/* Shapes of a tile, straight from its bytes into paths: an object for every corner would cost more than all else. */
import { gridboard } from '../core/gridboard.mjs';

const EDGE = -60;
const [MOVE, LINE] = [1, 2];
// Corners of the shape that is being read (x, y, x, y, ...) and where its rings begin; reused for the next one.
let corners = new Int32Array(4096);
const rings = [];
let bytes = null;
let at = 0;

function varint() {
  let byte = bytes[at++];
  if (byte < 128) {
    return byte;
  }
  let number = byte & 127;
  for (let shift = 7; byte >= 128; shift += 7) {
    byte = bytes[at++];
    number |= (byte & 127) << shift;
  }
  return number;
}

/** Commands of the vector tile format, version 2; answers with the length of what it wrote to `corners`. */
function read(feature) {
  bytes = feature._pbf.buf;
  at = feature._geometry;
  const end = varint() + at;
  let [x, y, length] = [0, 0, 0];
  rings.length = 0;
  while (at < end) {
    const command = varint();
    const kind = command & 7;
    if (kind !== MOVE && kind !== LINE) {
      continue;
    }
    if (kind === MOVE) {
      rings.push(length);
    }
    for (let n = command >> 3; n > 0; n -= 1) {
      const dx = varint();
      const dy = varint();
      x += (dx >> 1) ^ -(dx & 1);
      y += (dy >> 1) ^ -(dy & 1);
      if (length + 2 > corners.length) {
        const more = new Int32Array(corners.length * 2);
        more.set(corners);
        corners = more;
      }
      corners[length] = x;
      corners[length + 1] = y;
      length += 2;
    }
  }
  rings.push(length);
  return length;
}

/** `path` is filled, `line` is stroked: it leaves out what is only the cut at the edge of the tile. `size` in square units. */
function readShape(feature, extent) {
  const length = read(feature);
  const path = new Path2D();
  let [left, top, right, bottom, size] = [Infinity, Infinity, -Infinity, -Infinity, 0];
  for (let ring = 0; ring + 1 < rings.length; ring += 1) {
    const [from, to] = [rings[ring], rings[ring + 1]];
    let [bx, by] = [corners[to - 2], corners[to - 1]];
    path.moveTo(corners[from], corners[from + 1]);
    for (let n = from; n < to; n += 2) {
      const x = corners[n];
      const y = corners[n + 1];
      if (n > from) {
        path.lineTo(x, y);
      }
      size += bx * y - x * by;
      bx = x;
      by = y;
    }
    path.closePath();
  }
  for (let n = 0; n < length; n += 2) {
    if (corners[n] < left) {
      left = corners[n];
    }
    if (corners[n] > right) {
      right = corners[n];
    }
    if (corners[n + 1] < top) {
      top = corners[n + 1];
    }
    if (corners[n + 1] > bottom) {
      bottom = corners[n + 1];
    }
  }
  const whole = left > EDGE && top > EDGE && right < extent - EDGE && bottom < extent - EDGE;
  return { path, line: whole ? path : uncut(extent), box: [left, top, right, bottom], size: Math.abs(size) / 2 };
}

function uncut(extent) {
  const line = new Path2D();
  const cut = (a, b) => (a <= EDGE && b <= EDGE) || (a >= extent - EDGE && b >= extent - EDGE);
  for (let ring = 0; ring + 1 < rings.length; ring += 1) {
    const [from, to] = [rings[ring], rings[ring + 1]];
    let [bx, by] = [corners[from], corners[from + 1]];
    line.moveTo(bx, by);
    for (let n = from + 2; n <= to; n += 2) {
      const last = n === to;
      const x = corners[last ? from : n];
      const y = corners[last ? from + 1 : n + 1];
      if (cut(bx, x) || cut(by, y)) {
        line.moveTo(x, y);
      } else {
        line.lineTo(x, y);
      }
      bx = x;
      by = y;
    }
  }
  return line;
}

gridboard.map.readShape = readShape;
