/* How large the letters of a wall are. */

const ARC_MINUTES = 25;
const USUAL_PITCH_MM = 0.63;

/** How many letters, of the usual size and of the largest, a screen has room for one above the other, and beside each
    other. */
const ROWS = { usual: 27, fewest: 14 };
const COLUMNS = { usual: 34, fewest: 20 };

/** Distance x tan(angle) / pitch, in px; the screen's own size when no distance is given. Pitch in mm, the others in
    px. */
export function letterPx({ metres, pitch, width, height }) {
  const seen = (metres * 1000 * Math.tan(((ARC_MINUTES / 60) * Math.PI) / 180)) / (pitch || USUAL_PITCH_MM);
  const [usual, largest] = ['usual', 'fewest'].map((n) => Math.min(height / ROWS[n], width / COLUMNS[n]));
  return Math.min(metres > 0 ? seen : usual, largest);
}
