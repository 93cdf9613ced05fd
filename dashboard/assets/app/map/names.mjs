/* Names and letters of tiers: the largest first, none over another, none that does not fit. */
import { gridboard } from '../core/gridboard.mjs';

const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif';

function free(boxes, box) {
  return !boxes.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]);
}

function write(pen, words, { x, y, colour, halo, width }) {
  pen.lineJoin = 'round';
  pen.lineWidth = width;
  pen.strokeStyle = halo;
  pen.strokeText(words, x, y);
  pen.fillStyle = colour;
  pen.fillText(words, x, y);
}

/** How much of a name is only the parent's again ("三叶社区" in "三叶社区第六网格"); never half a word. */
function sharedStart(names) {
  if (names.length < 3) {
    return 0;
  }
  let n = 0;
  while (n < 40 && names.every((name) => name[n] !== undefined && name[n] === names[0][n])) {
    n += 1;
  }
  const whole = (at) =>
    names.every(
      (name) =>
        name.length - at >= 2 &&
        !/[\p{L}\p{N}][\p{L}\p{N}]/u.test(name.slice(at - 1, at + 1).replace(/\p{Script=Han}/gu, ' ')),
    );
  while (n > 0 && !whole(n)) {
    n -= 1;
  }
  // "第" begins the number that tells them apart.
  while (n > 0 && names.every((name) => name[n - 1] === '第')) {
    n -= 1;
  }
  return n >= 2 ? n : 0;
}

/** Names of the children, with the letter of the tier before them where the children themselves are coloured. */
function drawNames({ pen, frame, stage, rung, ink, sizes }) {
  const { scene, areas, boxes } = stage;
  const size = (scene.child.n <= 8 ? 15 : 12.5) * frame.scale;
  // What is smaller than a letter is not even asked.
  const rows = [...scene.child.child.keys()]
    .filter((code) => sizes.get(code) > size * size)
    .sort((a, b) => sizes.get(b) - sizes.get(a));
  if (scene.cut === undefined) {
    scene.cut = sharedStart([...scene.child.child.keys()].map((code) => areas.get(code).name));
  }
  pen.font = `600 ${size}px ${FONT}`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  rows.forEach((code) => {
    const area = areas.get(code);
    const words = area.name.slice(scene.cut);
    const wide = pen.measureText(words).width;
    const [x0, y0] = frame.at(area.lon, area.lat);
    const mark = rung === scene.child && (area.tier === 'key' || area.tier === 'watch') ? area.tier : null;
    const lead = mark ? size * 1.45 : 0;
    const half = (wide + lead) / 2 + 4 * frame.scale;
    const fits = words && wide <= Math.sqrt(sizes.get(code)) * 1.25;
    const place = fits && spot({ stage, code, boxes, x: x0, y: y0, half, size });
    if (!place) {
      alone(pen, { mark, stage, code, boxes, x: x0, y: y0, size, ink, room: sizes.get(code) });
      return;
    }
    const [x, y] = place;
    boxes.push([x - half, y - size * 0.75, x + half, y + size * 0.75]);
    if (mark) {
      badge(pen, { x: x - wide / 2, y, size, tier: mark, ink });
    }
    write(pen, words, { x: x + lead / 2, y, colour: ink.text, halo: ink.halo, width: 3.5 * frame.scale });
  });
}

/** Where no name fits, the letter of the tier still may. */
function alone(pen, { mark, stage, code, boxes, x, y, size, ink, room }) {
  const half = size * 0.7;
  const place = mark && Math.sqrt(room) > size * 1.8 && spot({ stage, code, boxes, x, y, half, size });
  if (!place) {
    return;
  }
  boxes.push([place[0] - half, place[1] - half, place[0] + half, place[1] + half]);
  badge(pen, { x: place[0], y: place[1], size, tier: mark, ink });
}

/** The first free place around the label point that is still inside the area; none when the name does not fit. */
function spot({ stage, code, boxes, x, y, half, size }) {
  const steps = [
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
  const found = steps
    .map(([dx, dy]) => [x + dx * half, y + dy * size])
    .find(
      ([cx, cy]) =>
        free(boxes, [cx - half, cy - size * 0.75, cx + half, cy + size * 0.75]) && stage.childAt(cx, cy) === code,
    );
  return found || null;
}

function badge(pen, { x, y, size, tier, ink }) {
  const side = size * 1.2;
  pen.save();
  pen.fillStyle = ink.tier[tier];
  pen.beginPath();
  pen.roundRect(x - side / 2, y - side / 2, side, side, side * 0.2);
  pen.fill();
  pen.font = `700 ${size * 0.86}px ${FONT}`;
  pen.fillStyle = tier === 'key' ? '#FFFFFF' : '#2B2100';
  pen.fillText(gridboard.text(`tier.mark.${tier}`), x, y + size * 0.04);
  pen.restore();
}

/** The letters of key and watch polygons, where they are large enough to hold one. */
function drawLetters({ pen, frame, stage, rung, ink, sizes, visible }) {
  if (!sizes) {
    return;
  }
  const size = 11 * frame.scale;
  pen.font = `700 ${size}px ${FONT}`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  const words = { key: gridboard.text('tier.mark.key'), watch: gridboard.text('tier.mark.watch') };
  const rows = [...rung.child.keys()]
    .map((code) => stage.areas.get(code))
    .filter((area) => words[area.tier] && visible(area.tier));
  rows.sort((a, b) =>
    a.tier < b.tier ? -1 : a.tier > b.tier ? 1 : (sizes.get(b.code) || 0) - (sizes.get(a.code) || 0),
  );
  rows.forEach((area) => {
    if (Math.sqrt(sizes.get(area.code) || 0) < size * 2.1) {
      return;
    }
    const [x, y] = frame.at(area.lon, area.lat);
    const box = [x - size * 0.7, y - size * 0.7, x + size * 0.7, y + size * 0.7];
    if (!free(stage.boxes, box)) {
      return;
    }
    stage.boxes.push(box);
    write(pen, words[area.tier], {
      x,
      y,
      colour: ink[`${area.tier}_letter`],
      halo: ink.halo,
      width: 2.5 * frame.scale,
    });
  });
}

Object.assign(gridboard.map, { drawNames, drawLetters, writeOnMap: write, isFree: free, FONT });
