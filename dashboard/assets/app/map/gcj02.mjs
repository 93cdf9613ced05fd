/* WGS84 to GCJ-02, the shifted coordinates of Chinese street maps; as geo/crs.py has it. Pure. */

const A = 6378245;
const EE = 0.006693421622965943;
const [WEST, EAST, SOUTH, NORTH] = [72.004, 137.8347, 0.8293, 55.8271];

const wave = (x) => 20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI);
const sines = (x, parts) => parts.reduce((sum, [size, part]) => sum + size * Math.sin((x / part) * Math.PI), 0);

function shiftNorth(x, y) {
  const base = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x));
  return (
    base +
    ((wave(x) +
      sines(y, [
        [20, 1],
        [40, 3],
        [160, 12],
        [320, 30],
      ])) *
      2) /
      3
  );
}

function shiftEast(x, y) {
  const base = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x));
  return (
    base +
    ((wave(x) +
      sines(x, [
        [20, 1],
        [40, 3],
        [150, 12],
        [300, 30],
      ])) *
      2) /
      3
  );
}

/** {lat, lng} in degrees; the same place outside China. */
export function toGcj02({ lat, lng }) {
  if (lng < WEST || lng > EAST || lat < SOUTH || lat > NORTH) {
    return { lat, lng };
  }
  const angle = (lat / 180) * Math.PI;
  const magic = 1 - EE * Math.sin(angle) ** 2;
  const [x, y] = [lng - 105, lat - 35];
  const perNorth = ((A * (1 - EE)) / (magic * Math.sqrt(magic))) * Math.PI;
  const perEast = (A / Math.sqrt(magic)) * Math.cos(angle) * Math.PI;
  return { lat: lat + (shiftNorth(x, y) * 180) / perNorth, lng: lng + (shiftEast(x, y) * 180) / perEast };
}
