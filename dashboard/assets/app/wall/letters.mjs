/* How large the letters of a wall are. */

const ARC_MINUTES = 25;
const USUAL_PITCH_MM = 0.63;

/** Distance x tan(angle) / pitch, in px; the screen's own size when no distance is given. Pitch in mm, height in px. */
export function letterPx({ metres, pitch, height }) {
  const seen = (metres * 1000 * Math.tan(((ARC_MINUTES / 60) * Math.PI) / 180)) / (pitch || USUAL_PITCH_MM);
  return Math.min(metres > 0 ? seen : height / 27, height / 14);
}
