/* Shapes of a tile, straight from its bytes into one list of corners, and from there into paths as they are drawn: an
   object for every corner, and a path of its own for every polygon, would cost more than all else. */

const EDGE = -60;
const [MOVE, LINE] = [1, 2];
const ROOM = 4096;

/** Corners (x, y, x, y, ...) of all polygons of a tile, and where each ring begins. */
class Corners {
  list = new Int32Array(ROOM);
  rings = [];
  length = 0;

  put(x, y) {
    if (this.length + 2 > this.list.length) {
      const more = new Int32Array(this.list.length * 2);
      more.set(this.list);
      this.list = more;
    }
    this.list[this.length++] = x;
    this.list[this.length++] = y;
  }
}

/** Reads commands of the vector tile format, version 2. */
class CommandReader {
  #bytes;
  #at;

  constructor(bytes, at) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Appends the rings of the geometry that begins here. */
  readInto(corners) {
    const end = this.#varint() + this.#at;
    let [x, y] = [0, 0];
    while (this.#at < end) {
      const command = this.#varint();
      const kind = command & 7;
      if (kind === MOVE) {
        corners.rings.push(corners.length);
      }
      for (let n = kind === MOVE || kind === LINE ? command >> 3 : 0; n > 0; n -= 1) {
        x += this.#signed();
        y += this.#signed();
        corners.put(x, y);
      }
    }
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

/** A polygon of a tile; `box` ([left, top, right, bottom]) and `size` in tile units. */
class Shape {
  #tile;
  #first;
  #last;
  #path = null;
  #line = null;

  constructor({ id, code, tile, first, last }) {
    Object.assign(this, { id, code, box: [Infinity, Infinity, -Infinity, -Infinity], size: 0 });
    this.#tile = tile;
    this.#first = first;
    this.#last = last;
    this.#measure();
  }

  /** Filled. */
  get path() {
    this.#path ??= this.fillInto(new Path2D());
    return this.#path;
  }

  /** Stroked. */
  get line() {
    this.#line ??= this.strokeInto(new Path2D());
    return this.#line;
  }

  /** Adds the polygon to a path that is filled. Filling closes rings by itself: `closePath` measures all that a path
      holds so far, each time. */
  fillInto(path) {
    this.#eachRing((list, from, to) => {
      path.moveTo(list[from], list[from + 1]);
      for (let n = from + 2; n < to; n += 2) {
        path.lineTo(list[n], list[n + 1]);
      }
    });
    return path;
  }

  /** Adds the outline to a path that is stroked, without what is only the cut at the edge of the tile. */
  strokeInto(path) {
    const { extent } = this.#tile;
    const [left, top, right, bottom] = this.box;
    const whole = left > EDGE && top > EDGE && right < extent - EDGE && bottom < extent - EDGE;
    const isCut = (a, b) => !whole && ((a <= EDGE && b <= EDGE) || (a >= extent - EDGE && b >= extent - EDGE));
    this.#eachRing((list, from, to) => {
      let [bx, by] = [list[from], list[from + 1]];
      path.moveTo(bx, by);
      for (let n = from + 2; n <= to; n += 2) {
        const at = n === to ? from : n;
        const [x, y] = [list[at], list[at + 1]];
        if (isCut(bx, x) || isCut(by, y)) {
          path.moveTo(x, y);
        } else {
          path.lineTo(x, y);
        }
        [bx, by] = [x, y];
      }
    });
    return path;
  }

  #eachRing(work) {
    const { list, rings, length } = this.#tile.corners;
    for (let n = this.#first; n < this.#last; n += 1) {
      work(list, rings[n], rings[n + 1] ?? length);
    }
  }

  #measure() {
    let [left, top, right, bottom] = this.box;
    let doubled = 0;
    this.#eachRing((list, from, to) => {
      let [bx, by] = [list[to - 2], list[to - 1]];
      for (let n = from; n < to; n += 2) {
        const [x, y] = [list[n], list[n + 1]];
        if (x < left) left = x;
        if (x > right) right = x;
        if (y < top) top = y;
        if (y > bottom) bottom = y;
        doubled += bx * y - x * by;
        [bx, by] = [x, y];
      }
    });
    this.box = [left, top, right, bottom];
    this.size = Math.abs(doubled) / 2;
  }
}

/** The polygons of a layer of a vector tile (as @mapbox/vector-tile reads it), in its order. */
export function readShapes(layer) {
  const tile = { corners: new Corners(), extent: layer.extent };
  const shapes = [];
  for (let n = 0; n < layer.length; n += 1) {
    const feature = layer.feature(n);
    const first = tile.corners.rings.length;
    new CommandReader(feature._pbf.buf, feature._geometry).readInto(tile.corners);
    const last = tile.corners.rings.length;
    shapes.push(new Shape({ id: feature.id, code: feature.properties.code, tile, first, last }));
  }
  return shapes;
}
