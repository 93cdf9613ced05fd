/* Shapes of a tile, straight from its bytes into paths: an object for every corner would cost more than all else. */

const EDGE = -60;
const [MOVE, LINE] = [1, 2];

/** Reads the geometry of a feature: commands of the vector tile format, version 2. Corners (x, y, x, y, ...) in
    `corners`, where each ring begins in `rings`; both are reused for the next shape. */
class GeometryReader {
  corners = new Int32Array(4096);
  rings = [];
  #bytes = null;
  #at = 0;

  read(bytes, at) {
    this.#bytes = bytes;
    this.#at = at;
    this.rings.length = 0;
    const end = this.#varint() + this.#at;
    let [x, y, length] = [0, 0, 0];
    while (this.#at < end) {
      const command = this.#varint();
      const kind = command & 7;
      if (kind === MOVE) {
        this.rings.push(length);
      }
      for (let n = kind === MOVE || kind === LINE ? command >> 3 : 0; n > 0; n -= 1) {
        x += this.#signed();
        y += this.#signed();
        length = this.#put(length, x, y);
      }
    }
    this.rings.push(length);
    return length;
  }

  #put(length, x, y) {
    if (length + 2 > this.corners.length) {
      const more = new Int32Array(this.corners.length * 2);
      more.set(this.corners);
      this.corners = more;
    }
    this.corners[length] = x;
    this.corners[length + 1] = y;
    return length + 2;
  }

  #signed() {
    const number = this.#varint();
    return (number >> 1) ^ -(number & 1);
  }

  #varint() {
    let byte = this.#bytes[this.#at++];
    if (byte < 128) {
      return byte;
    }
    let number = byte & 127;
    for (let shift = 7; byte >= 128; shift += 7) {
      byte = this.#bytes[this.#at++];
      number |= (byte & 127) << shift;
    }
    return number;
  }
}

const reader = new GeometryReader();

function eachRing(work) {
  const { rings } = reader;
  for (let n = 0; n + 1 < rings.length; n += 1) {
    work(rings[n], rings[n + 1]);
  }
}

function boxOf(length) {
  const { corners } = reader;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let n = 0; n < length; n += 2) {
    if (corners[n] < left) left = corners[n];
    if (corners[n] > right) right = corners[n];
    if (corners[n + 1] < top) top = corners[n + 1];
    if (corners[n + 1] > bottom) bottom = corners[n + 1];
  }
  return [left, top, right, bottom];
}

/** The filled path and its size in square units. */
function filled() {
  const { corners } = reader;
  const path = new Path2D();
  let size = 0;
  eachRing((from, to) => {
    let [bx, by] = [corners[to - 2], corners[to - 1]];
    path.moveTo(corners[from], corners[from + 1]);
    for (let n = from; n < to; n += 2) {
      const [x, y] = [corners[n], corners[n + 1]];
      if (n > from) {
        path.lineTo(x, y);
      }
      size += bx * y - x * by;
      [bx, by] = [x, y];
    }
    path.closePath();
  });
  return { path, size: Math.abs(size) / 2 };
}

/** The outline without what is only the cut at the edge of the tile. */
function uncut(extent) {
  const { corners } = reader;
  const line = new Path2D();
  const isCut = (a, b) => (a <= EDGE && b <= EDGE) || (a >= extent - EDGE && b >= extent - EDGE);
  eachRing((from, to) => {
    let [bx, by] = [corners[from], corners[from + 1]];
    line.moveTo(bx, by);
    for (let n = from + 2; n <= to; n += 2) {
      const at = n === to ? from : n;
      const [x, y] = [corners[at], corners[at + 1]];
      if (isCut(bx, x) || isCut(by, y)) {
        line.moveTo(x, y);
      } else {
        line.lineTo(x, y);
      }
      [bx, by] = [x, y];
    }
  });
  return line;
}

/** `path` is filled, `line` is stroked; `box` and `size` in tile units. */
export function readShape(feature, extent) {
  const length = reader.read(feature._pbf.buf, feature._geometry);
  const { path, size } = filled();
  const box = boxOf(length);
  const whole = box[0] > EDGE && box[1] > EDGE && box[2] < extent - EDGE && box[3] < extent - EDGE;
  return { path, line: whole ? path : uncut(extent), box, size };
}
