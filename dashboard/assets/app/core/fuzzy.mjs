/* How well words are in a text: 0 not at all; whole at the start best, its letters in order still. */

export function fuzzyScore(words, where) {
  const [wanted, found] = [words.toLowerCase(), where.toLowerCase()];
  if (!wanted) {
    return 1;
  }
  const at = found.indexOf(wanted);
  if (at === 0) {
    return 100;
  }
  if (at > 0) {
    return /[\s·›]/.test(found[at - 1]) ? 80 : 60;
  }
  return lettersInOrder(wanted.replace(/\s+/g, ''), found);
}

function lettersInOrder(letters, found) {
  let [from, gaps] = [-1, 0];
  for (const letter of letters) {
    const next = found.indexOf(letter, from + 1);
    if (next < 0) {
      return 0;
    }
    gaps += from >= 0 ? next - from - 1 : 0;
    from = next;
  }
  return Math.max(1, 40 - gaps);
}
