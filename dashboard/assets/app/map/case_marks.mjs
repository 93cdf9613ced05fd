/* The signs of cases: shape by kind, fill by severity, ring by the time left; the donut of a cluster. Sizes in device
   pixels. */
import { SEVERITIES } from './case_clusters.mjs';
import { FONT } from './labels.mjs';

const CIRCLE = Math.PI * 2;
const TOP = -Math.PI / 2;
/** A single grave case among many is still seen: no part of a donut is thinner than this. */
const THINNEST = 0.06;
const GAP = 0.07;

const CORNERS = {
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

/** A circle for a kind without corners. */
function traceShape(pen, kind, { x, y, r }) {
  pen.beginPath();
  const corners = CORNERS[kind];
  if (!corners) {
    pen.arc(x, y, r, 0, CIRCLE);
    return;
  }
  for (const [dx, dy] of corners) {
    pen.lineTo(x + dx * r, y + dy * r);
  }
  pen.closePath();
}

function strokeCircle(pen, { x, y, r, width, colour, dash = null }) {
  pen.save();
  pen.setLineDash(dash || []);
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  pen.arc(x, y, r, 0, CIRCLE);
  pen.stroke();
  pen.restore();
}

/** A disc with a shade under it. */
function drawDisc(pen, { x, y, r, style, blur, unit }) {
  pen.save();
  pen.shadowColor = style.shade;
  pen.shadowBlur = blur;
  pen.shadowOffsetY = unit;
  pen.fillStyle = style.back;
  pen.beginPath();
  pen.arc(x, y, r, 0, CIRCLE);
  pen.fill();
  pen.restore();
}

/** From the inside out: shade, ring of time, sign. `left` is the share of time left, null without a clock. */
export function drawMark(pen, mark, { x, y, size, style, chosen, picked }) {
  const unit = size / MARK_UNITS;
  const r = size * 0.29;
  drawDisc(pen, { x, y, r: size / 2, style, blur: 5 * unit, unit });
  drawRing(pen, mark, { x, y, r: size / 2 - 1.1 * unit, width: 2.2 * unit, style });
  drawSign(pen, mark, { x, y, r, unit, colour: style.severity[mark.severity] || style.severity.minor });
  if (chosen || picked) {
    const around = { x, y, r: size / 2 + 3.5 * unit, colour: style.accent };
    const line = chosen ? { width: 3 * unit } : { width: 2 * unit, dash: [3 * unit, 2 * unit] };
    strokeCircle(pen, { ...around, ...line });
  }
}

const MARK_UNITS = 22;
const CLUSTER_UNITS = 34;

/** Hollow while the case waits. */
function drawSign(pen, { kind, waiting }, { x, y, r, unit, colour }) {
  pen.lineJoin = 'round';
  traceShape(pen, kind, { x, y, r: waiting ? r * 0.88 : r });
  if (waiting) {
    pen.strokeStyle = colour;
    pen.lineWidth = 2.4 * unit;
    pen.stroke();
  } else {
    pen.fillStyle = colour;
    pen.fill();
  }
}

function drawRing(pen, { overdue, left }, { x, y, r, width, style }) {
  strokeCircle(pen, { x, y, r, width, colour: overdue ? style.overdue : style.track });
  if (!overdue && left) {
    pen.strokeStyle = style.ring;
    pen.lineWidth = width;
    pen.beginPath();
    pen.arc(x, y, r, TOP, TOP + CIRCLE * Math.min(1, left));
    pen.stroke();
  }
}

/** Donut of severities around the number, on a ground of the worst one; a red rim when a member is overdue; a badge
    counts those that wait. */
export function drawCluster(pen, sum, { x, y, size, style, picked }) {
  const unit = size / CLUSTER_UNITS;
  const r = size / 2;
  drawDisc(pen, { x, y, r, style, blur: 7 * unit, unit });
  tintDisc(pen, sum, { x, y, r, style });
  drawDonut(pen, sum, { x, y, r: r - 3 * unit, width: 4 * unit, style });
  if (sum.late) {
    strokeCircle(pen, { x, y, r: r + 0.5 * unit, width: 1.8 * unit, colour: style.overdue });
  }
  if (picked) {
    const dash = [3 * unit, 2 * unit];
    strokeCircle(pen, { x, y, r: r + 3 * unit, width: 2 * unit, colour: style.accent, dash });
  }
  writeNumber(pen, sum.n, { x, y, unit, style });
  if (sum.waiting) {
    drawBadge(pen, sum.waiting, { x: x + r * 0.78, y: y - r * 0.78, unit, style });
  }
}

function tintDisc(pen, sum, { x, y, r, style }) {
  const worst = SEVERITIES.find((name) => sum[name]);
  if (worst && worst !== SEVERITIES.at(-1)) {
    pen.globalAlpha = 0.24;
    pen.fillStyle = style.severity[worst];
    pen.beginPath();
    pen.arc(x, y, r, 0, CIRCLE);
    pen.fill();
    pen.globalAlpha = 1;
  }
}

function drawDonut(pen, sum, { x, y, r, width, style }) {
  const present = SEVERITIES.filter((name) => sum[name]);
  const parts = present.map((name) => Math.max(THINNEST, sum[name] / sum.n));
  const whole = parts.reduce((total, part) => total + part, 0);
  let from = TOP;
  present.forEach((name, n) => {
    const to = from + (CIRCLE * parts[n]) / whole;
    pen.strokeStyle = style.severity[name];
    pen.lineWidth = width;
    pen.beginPath();
    pen.arc(x, y, r, from, to - (present.length > 1 ? GAP : 0));
    pen.stroke();
    from = to;
  });
}

function writeNumber(pen, n, { x, y, unit, style }) {
  pen.fillStyle = style.text;
  pen.font = `600 ${(n > 99 ? 11 : 12.5) * unit}px ${FONT}`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(String(n), x, y + 0.5 * unit);
}

function drawBadge(pen, n, { x, y, unit, style }) {
  const words = String(n);
  pen.font = `700 ${9.5 * unit}px ${FONT}`;
  const half = Math.max(7.5 * unit, pen.measureText(words).width / 2 + 4 * unit);
  pen.fillStyle = style.badge;
  pen.strokeStyle = style.back;
  pen.lineWidth = 1.5 * unit;
  pen.beginPath();
  pen.roundRect(x - half, y - 7.5 * unit, half * 2, 15 * unit, 7.5 * unit);
  pen.fill();
  pen.stroke();
  pen.fillStyle = style.badge_text;
  pen.fillText(words, x, y + 0.5 * unit);
}

/** A ring that widens from a mark and fades; `share` of its time that has passed. */
export function drawRipple(pen, { x, y, share, scale, colour }) {
  pen.globalAlpha = 1 - share;
  strokeCircle(pen, { x, y, r: (12 + 26 * share) * scale, width: 2 * scale, colour });
  pen.globalAlpha = 1;
}
