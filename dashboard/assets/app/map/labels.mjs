/* Writing on the map: letters with a halo, and the rectangles that keep them apart. */

export const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif';

/** Whether a box ([left, top, right, bottom]) touches none of others. */
export function isFree(boxes, box) {
  return !boxes.some((one) => box[0] < one[2] && box[2] > one[0] && box[1] < one[3] && box[3] > one[1]);
}

export function writeLabel(pen, words, { x, y, colour, halo, width }) {
  pen.lineJoin = 'round';
  pen.lineWidth = width;
  pen.strokeStyle = halo;
  pen.strokeText(words, x, y);
  pen.fillStyle = colour;
  pen.fillText(words, x, y);
}

const inWord = (name, at) =>
  /[\p{L}\p{N}][\p{L}\p{N}]/u.test(name.slice(at - 1, at + 1).replace(/\p{Script=Han}/gu, ' '));

/** How much of a name is only the parent's again ("三叶社区" in "三叶社区第六网格"); never half a word. */
export function sharedStart(names) {
  if (names.length < 3) {
    return 0;
  }
  const same = (n) => names.every((name) => name[n] !== undefined && name[n] === names[0][n]);
  const isCut = (n) => names.every((name) => name.length - n >= 2 && !inWord(name, n) && /[\p{L}\p{N}]/u.test(name[n]));
  let n = 0;
  while (n < 40 && same(n)) {
    n += 1;
  }
  while (n > 0 && !isCut(n)) {
    n -= 1;
  }
  // "第" begins the number that tells them apart
  while (n > 0 && names[0][n - 1] === '第') {
    n -= 1;
  }
  return n >= 2 ? n : 0;
}
