/* Names of the children and letters of tiers: the largest first, none over another, none that does not fit. */
import { text } from '../core/words.mjs';
import { FONT, isFree, sharedStart, writeLabel } from './labels.mjs';

const FEW = 8;
/** Places to try around a label point, in widths and heights of the label. */
const AROUND = [
  [0, 0],
  [0, -1.7],
  [0, 1.7],
  [0, -3],
  [0, 3],
  [-0.8, 1.2],
  [0.8, 1.2],
  [-0.8, -1.2],
  [0.8, -1.2],
  [0, -4.6],
  [0, 4.6],
  [-1.3, 0],
  [1.3, 0],
  [0, -6.5],
  [0, 6.5],
  [-1, 2.6],
  [1, 2.6],
  [-1, -2.6],
  [1, -2.6],
];
const MARKED = ['key', 'watch'];

function centred(pen, font) {
  pen.font = `${font} ${FONT}`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
}

export class AreaNames {
  #map;
  #style;
  #pen;
  #frame;

  /** Draws on one canvas, once. `sizes`: device pixels squared of an area on the screen, by code. */
  constructor({ map, style, pen, frame, sizes }) {
    this.#map = map;
    this.#style = style;
    this.#pen = pen;
    this.#frame = frame;
    this.sizes = sizes;
  }

  /** Names, with the letter of the tier before them where the children themselves are coloured. */
  drawNames() {
    const { scene, index, ground } = this.#map;
    const size = (scene.child.n <= FEW ? 15 : 12.5) * this.#frame.scale;
    scene.nameCut ??= sharedStart([...scene.child.child.keys()].map((code) => index.get(code).name));
    // what is smaller than a letter is not even asked
    const codes = [...scene.child.child.keys()].filter((code) => this.sizes.get(code) > size * size);
    codes.sort((a, b) => this.sizes.get(b) - this.sizes.get(a));
    centred(this.#pen, `600 ${size}px`);
    for (const code of codes) {
      const area = index.get(code);
      const shown = index.tierOf(code);
      const tier = ground.areaLevel === scene.child && MARKED.includes(shown) ? shown : null;
      this.#drawName(area, { words: area.name.slice(scene.nameCut), tier, size });
    }
  }

  #drawName(area, { words, tier, size }) {
    const { scale } = this.#frame;
    const wide = this.#pen.measureText(words).width;
    const lead = tier ? size * 1.45 : 0;
    const half = (wide + lead) / 2 + 4 * scale;
    const fits = words && wide <= Math.sqrt(this.sizes.get(area.code)) * 1.25;
    const place = fits ? this.#freePlace(area, half, size) : null;
    if (!place) {
      this.#drawLone(area, tier, size);
      return;
    }
    const [x, y] = place;
    this.#map.boxes.push([x - half, y - size * 0.75, x + half, y + size * 0.75]);
    if (tier) {
      this.#drawBadge(x - wide / 2, y, size, tier);
    }
    const { text: colour, halo } = this.#style;
    writeLabel(this.#pen, words, { x: x + lead / 2, y, colour, halo, width: 3.5 * scale });
  }

  /** Where no name fits, the letter of the tier still may. */
  #drawLone(area, tier, size) {
    const half = size * 0.7;
    const roomy = tier && Math.sqrt(this.sizes.get(area.code)) > size * 1.8;
    const place = roomy ? this.#freePlace(area, half, size) : null;
    if (place) {
      const [x, y] = place;
      this.#map.boxes.push([x - half, y - half, x + half, y + half]);
      this.#drawBadge(x, y, size, tier);
    }
  }

  /** The first free place around the label point that is still inside the area, before one where the edge of the view
      cuts the name; null when there is none. */
  #freePlace({ code, lon, lat }, half, size) {
    const [x0, y0] = this.#frame.at(lon, lat);
    const { boxes } = this.#map;
    const places = AROUND.map(([dx, dy]) => [x0 + dx * half, y0 + dy * size]);
    const free = ([x, y]) => isFree(boxes, [x - half, y - size * 0.75, x + half, y + size * 0.75]);
    const { left, right } = this.#frame.seen;
    const whole = ([x]) => x - half >= left && x + half <= right;
    const fits = (place) => free(place) && this.#map.childUnder(place, this.#frame) === code;
    return places.find((place) => whole(place) && fits(place)) ?? places.find(fits) ?? null;
  }

  #drawBadge(x, y, size, tier) {
    const pen = this.#pen;
    const side = size * 1.2;
    pen.save();
    pen.fillStyle = this.#style.tier[tier];
    pen.beginPath();
    pen.roundRect(x - side / 2, y - side / 2, side, side, side * 0.2);
    pen.fill();
    centred(pen, `700 ${size * 0.86}px`);
    pen.fillStyle = this.#style.on_tier[tier];
    pen.fillText(text(`tier.mark.${tier}`), x, y + size * 0.04);
    pen.restore();
  }

  /** The letters of key and watch polygons of the filled level, where they are large enough to hold one. */
  drawLetters(shows) {
    const { index, ground } = this.#map;
    const size = 11 * this.#frame.scale;
    const sizeOf = ({ code }) => this.sizes.get(code) || 0;
    const isMarked = (tier) => MARKED.includes(tier) && shows(tier);
    const codes = [...ground.areaLevel.child.keys()].filter((code) => isMarked(index.tierOf(code)));
    const marked = codes.map((code) => ({ ...index.get(code), tier: index.tierOf(code) }));
    const roomy = marked.filter((area) => Math.sqrt(sizeOf(area)) >= size * 2.1);
    roomy.sort((a, b) => MARKED.indexOf(a.tier) - MARKED.indexOf(b.tier) || sizeOf(b) - sizeOf(a));
    centred(this.#pen, `700 ${size}px`);
    roomy.forEach((area) => this.#drawLetter(area, size));
  }

  #drawLetter({ lon, lat, tier }, size) {
    const [x, y] = this.#frame.at(lon, lat);
    const box = [x - size * 0.7, y - size * 0.7, x + size * 0.7, y + size * 0.7];
    const { boxes } = this.#map;
    if (isFree(boxes, box)) {
      boxes.push(box);
      const [colour, width] = [this.#style[`${tier}_letter`], 2.5 * this.#frame.scale];
      writeLabel(this.#pen, text(`tier.mark.${tier}`), { x, y, colour, halo: this.#style.halo, width });
    }
  }
}
