/* How wide the columns of a list are: pure arithmetic, in rem. */

const GAP = 0.5;
/** What takes the room that is left; where none of them is shown the last column does. */
const GROWING = ['case', 'title'];

/** Template of the grid, and the width under which the list is moved sideways. */
export function tracks(columns) {
  const grows = columns.some(({ name }) => GROWING.includes(name));
  const track = ({ name, width }, n) =>
    GROWING.includes(name) || (!grows && n === columns.length - 1) ? `minmax(${width}rem, 1fr)` : `${width}rem`;
  const width = columns.reduce((sum, column) => sum + column.width, GAP * (columns.length - 1));
  return { template: columns.map(track).join(' '), width: `${width}rem` };
}
