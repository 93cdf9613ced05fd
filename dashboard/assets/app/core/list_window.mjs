/* Which rows of a long list are drawn: pure arithmetic over rows with a `top` and a `height`, in pixels. */

/** Writes `top` and `height` to each row, one under the other; answers with the height of all. */
export function stackRows(rows, heightOf) {
  let top = 0;
  for (const row of rows) {
    row.top = top;
    row.height = heightOf(row);
    top += row.height;
  }
  return top;
}

/** Index of the first row that ends below `y`; rows.length when none does. */
export function firstBelow(rows, y) {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].top + rows[middle].height > y) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/** [from, to): the rows that touch the window from `top` to `bottom`. */
export function rowsBetween(rows, top, bottom) {
  const from = firstBelow(rows, top);
  let to = from;
  while (to < rows.length && rows[to].top <= bottom) {
    to += 1;
  }
  return [from, to];
}

/** Where the list must be scrolled to so that a row is whole in view; `head` is what stands over its upper edge. */
export function scrollToShow({ top, height }, { scrollTop, clientHeight, head = 0 }) {
  if (top - head < scrollTop) {
    return top - head;
  }
  return top + height > scrollTop + clientHeight ? top + height - clientHeight : scrollTop;
}
