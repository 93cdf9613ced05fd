/* The signs of cases: shape by kind, fill by severity, ring by the time left; the donut of a cluster. Sizes in device pixels. */
import { gridboard } from '../core/gridboard.mjs';

const SEVERITIES = ['grave', 'major', 'minor'];

const corners = {
  incident: [
    [0, -1.12],
    [1.12, 0],
    [0, 1.12],
    [-1.12, 0],
  ],
  hazard: [
    [0, -1.1],
    [1.08, 0.82],
    [-1.08, 0.82],
  ],
  request: [
    [-0.86, -0.86],
    [0.86, -0.86],
    [0.86, 0.86],
    [-0.86, 0.86],
  ],
};

function shape(pen, kind, { x, y, r }) {
  pen.beginPath();
  const points = corners[kind];
  if (!points) {
    pen.arc(x, y, r, 0, Math.PI * 2);
    return;
  }
  points.forEach(([dx, dy], n) => (n ? pen.lineTo(x + dx * r, y + dy * r) : pen.moveTo(x + dx * r, y + dy * r)));
  pen.closePath();
}

/** Drawn from the inside out: shade, ring of time, sign. `left` is the share of time left, null without a clock. */
function drawMark(pen, mark, { x, y, size, ink, chosen, marked }) {
  const unit = size / 22;
  const r = size * 0.29;
  pen.save();
  pen.shadowColor = ink.shade;
  pen.shadowBlur = 5 * unit;
  pen.shadowOffsetY = unit;
  pen.fillStyle = ink.back;
  pen.beginPath();
  pen.arc(x, y, size / 2, 0, Math.PI * 2);
  pen.fill();
  pen.restore();
  ring(pen, mark, { x, y, size, ink, unit });
  const colour = ink.severity[mark.severity] || ink.severity.minor;
  pen.lineJoin = 'round';
  shape(pen, mark.kind, { x, y: mark.kind === 'hazard' ? y - r * 0.02 : y, r: mark.waiting ? r * 0.88 : r });
  if (mark.waiting) {
    pen.strokeStyle = colour;
    pen.lineWidth = 2.4 * unit;
    pen.stroke();
  } else {
    pen.fillStyle = colour;
    pen.fill();
  }
  if (chosen || marked) {
    around(pen, {
      x,
      y,
      r: size / 2 + 3.5 * unit,
      width: (chosen ? 3 : 2) * unit,
      colour: ink.accent,
      dash: chosen ? null : [3 * unit, 2 * unit],
    });
  }
}

function around(pen, { x, y, r, width, colour, dash }) {
  pen.save();
  if (dash) {
    pen.setLineDash(dash);
  }
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  pen.arc(x, y, r, 0, Math.PI * 2);
  pen.stroke();
  pen.restore();
}

function ring(pen, mark, { x, y, size, ink, unit }) {
  const r = size / 2 - 1.1 * unit;
  const width = 2.2 * unit;
  if (mark.overdue) {
    around(pen, { x, y, r, width, colour: ink.overdue });
    return;
  }
  around(pen, { x, y, r, width, colour: ink.track });
  if (mark.left === null || mark.left <= 0) {
    return;
  }
  pen.strokeStyle = ink.ring;
  pen.lineWidth = width;
  pen.beginPath();
  pen.arc(x, y, r, -Math.PI / 2, -Math.PI / 2 + Math.PI * 2 * Math.min(1, mark.left));
  pen.stroke();
}

/** Donut of severities around the number, on a ground of the worst one; a red rim when a member is overdue; a badge counts those that wait. */
function drawCluster(pen, sum, { x, y, size, ink, holds, marked }) {
  const unit = size / 34;
  const r = size / 2;
  pen.save();
  pen.shadowColor = ink.shade;
  pen.shadowBlur = 7 * unit;
  pen.shadowOffsetY = unit;
  pen.fillStyle = ink.back;
  pen.beginPath();
  pen.arc(x, y, r, 0, Math.PI * 2);
  pen.fill();
  pen.restore();
  const worst = SEVERITIES.find((name) => sum[name]);
  if (worst !== 'minor') {
    pen.globalAlpha = 0.24;
    pen.fillStyle = ink.severity[worst];
    pen.fill();
    pen.globalAlpha = 1;
  }
  let from = -Math.PI / 2;
  const width = 4 * unit;
  SEVERITIES.filter((name) => sum[name]).forEach((name) => {
    const to = from + Math.PI * 2 * share(sum, name);
    pen.strokeStyle = ink.severity[name];
    pen.lineWidth = width;
    pen.beginPath();
    pen.arc(x, y, r - width / 2 - unit, from, to - (sum[name] < sum.n ? 0.07 : 0));
    pen.stroke();
    from = to;
  });
  if (sum.late) {
    around(pen, { x, y, r: r + 0.5 * unit, width: 1.8 * unit, colour: ink.overdue });
  }
  if (holds || marked) {
    around(pen, {
      x,
      y,
      r: r + 3 * unit,
      width: (holds ? 3 : 2) * unit,
      colour: ink.accent,
      dash: holds ? null : [3 * unit, 2 * unit],
    });
  }
  pen.fillStyle = ink.text;
  pen.font = `600 ${(sum.n > 99 ? 11 : 12.5) * unit}px ${gridboard.map.FONT}`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(String(sum.n), x, y + 0.5 * unit);
  if (sum.waiting) {
    badge(pen, sum.waiting, { x: x + r * 0.78, y: y - r * 0.78, unit, ink });
  }
}

/** A single grave case among many is still seen: no part of the donut is thinner than this. */
function share(sum, name) {
  const least = 0.06;
  const parts = SEVERITIES.filter((one) => sum[one]).map((one) => [one, Math.max(least, sum[one] / sum.n)]);
  const whole = parts.reduce((total, [, part]) => total + part, 0);
  return new Map(parts).get(name) / whole;
}

function badge(pen, n, { x, y, unit, ink }) {
  const words = String(n);
  pen.font = `700 ${9.5 * unit}px ${gridboard.map.FONT}`;
  const half = Math.max(7.5 * unit, pen.measureText(words).width / 2 + 4 * unit);
  pen.fillStyle = ink.badge;
  pen.strokeStyle = ink.back;
  pen.lineWidth = 1.5 * unit;
  pen.beginPath();
  pen.roundRect(x - half, y - 7.5 * unit, half * 2, 15 * unit, 7.5 * unit);
  pen.fill();
  pen.stroke();
  pen.fillStyle = ink.badge_text;
  pen.fillText(words, x, y + 0.5 * unit);
}

Object.assign(gridboard.map, { drawMark, drawCluster, markShape: shape });
