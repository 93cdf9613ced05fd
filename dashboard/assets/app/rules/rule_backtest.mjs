/* The back-test of the copy: five predictions over the past quarters as lines, the copy's interval as a band, then the
   same in words and figures. */
import { make } from '../core/dom.mjs';
import { number } from '../core/format.mjs';
import { fetchJson } from '../core/http.mjs';
import { text } from '../core/words.mjs';

const NAMES = ['rule', 'in_force', 'same_as_last', 'last_count', 'chance'];
const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [320, 170, 34, 22, 8];
const percent = (share) => `${number(Math.round(share * 1000) / 10)}%`;

function svg(tag, attributes, words = null) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, String(value)));
  if (words !== null) {
    element.textContent = words;
  }
  return element;
}

/** Stretches of quarters that have a figure: a line does not run over what was not computed. */
export function stretches(quarters, name) {
  const found = [];
  let open = null;
  quarters.forEach((quarter, at) => {
    if (!quarter[name]) {
      open = null;
      return;
    }
    if (!open) {
      open = [];
      found.push(open);
    }
    open.push({ at, ...quarter[name] });
  });
  return found;
}

/** From quarters and shares to the picture; the upper end is the next tenth over the highest figure. */
export function scales(quarters) {
  const ends = quarters.flatMap((one) =>
    NAMES.map((name) => (name === 'rule' ? one[name]?.hi : one[name]?.share) ?? 0),
  );
  const most = Math.max(0.1, Math.min(1, Math.ceil(Math.max(...ends) * 10) / 10));
  const step = (WIDTH - LEFT - 10) / Math.max(1, quarters.length - 1);
  return {
    most,
    x: (at) => LEFT + at * step,
    y: (share) => HEIGHT - BOTTOM - (share / most) * (HEIGHT - BOTTOM - TOP),
  };
}

function axes({ most, x, y }, quarters) {
  const parts = [0, most / 2, most].flatMap((share) => [
    svg('line', { class: 'back-grid', x1: LEFT, x2: WIDTH - 8, y1: y(share), y2: y(share) }),
    svg('text', { class: 'back-tick', x: LEFT - 4, y: y(share) + 3, 'text-anchor': 'end' }, percent(share)),
  ]);
  const names = quarters.map(({ quarter }, at) => {
    const [year, part] = quarter.split('-');
    const anchor = at ? 'middle' : 'start';
    return svg(
      'text',
      { class: 'back-tick', x: x(at), y: HEIGHT - 8, 'text-anchor': anchor },
      at % 2 ? part : `${year.slice(2)}${part}`,
    );
  });
  return [...parts, ...names];
}

function band(points, { x, y }) {
  const upper = points.map(({ at, hi }) => `${x(at)},${y(hi)}`);
  const lower = [...points].reverse().map(({ at, lo }) => `${x(at)},${y(lo)}`);
  return svg('polygon', { class: 'back-band', points: [...upper, ...lower].join(' ') });
}

function linesOf(name, quarters, scale) {
  const { x, y } = scale;
  return stretches(quarters, name).flatMap((points) => [
    ...(name === 'rule' ? [band(points, scale)] : []),
    svg('polyline', {
      class: `back-line back-${name}`,
      points: points.map(({ at, share }) => `${x(at)},${y(share)}`).join(' '),
    }),
    ...points.map(({ at, share }) => svg('circle', { class: `back-dot back-${name}`, cx: x(at), cy: y(share), r: 2 })),
  ]);
}

function chart(quarters) {
  const picture = svg('svg', { class: 'back-chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img' });
  picture.setAttribute('aria-label', text('js.backtest.chart'));
  const scale = scales(quarters);
  picture.append(...axes(scale, quarters), ...[...NAMES].reverse().flatMap((name) => linesOf(name, quarters, scale)));
  return picture;
}

function legend() {
  const list = make('ul', 'back-legend');
  for (const name of NAMES) {
    const row = make('li', '');
    const sample = svg('svg', { viewBox: '0 0 24 6', class: 'back-sample', 'aria-hidden': 'true' });
    sample.append(svg('line', { class: `back-line back-${name}`, x1: 0, x2: 24, y1: 3, y2: 3 }));
    row.append(sample, make('span', '', text(`js.backtest.${name}`)));
    list.append(row);
  }
  return list;
}

function figure(one) {
  if (!one) {
    return text('js.backtest.none');
  }
  return text('js.backtest.interval', { share: percent(one.share), lo: percent(one.lo), hi: percent(one.hi) });
}

function table(quarters) {
  const head = make('tr');
  const heads = ['js.backtest.quarter', 'js.backtest.disputes', ...NAMES.map((name) => `js.backtest.${name}`)];
  head.append(...heads.map((key) => make('th', '', text(key))));
  const rows = quarters.map((quarter) => {
    const row = make('tr');
    const cells = [quarter.quarter, number(quarter.disputes), ...NAMES.map((name) => figure(quarter[name]))];
    row.append(...cells.map((words) => make('td', 'figures', words)));
    return row;
  });
  const drawn = make('table', 'table');
  const box = make('div', 'table-box');
  box.tabIndex = 0;
  drawn.append(head, ...rows);
  box.append(drawn);
  return box;
}

export class RuleBacktest {
  #formOf;
  #tested = '';
  #running = false;

  constructor(formOf) {
    this.#formOf = formOf;
  }

  get #place() {
    return document.getElementById('rule-backtest');
  }

  async run() {
    const form = this.#formOf();
    if (this.#running || !form) {
      return;
    }
    this.#running = true;
    const rule = form.read();
    this.#place.replaceChildren(make('p', 'state-hint', text('js.backtest.running')));
    try {
      this.#show(await fetchJson('/api/rules/backtest', { method: 'POST', body: { rule } }));
      this.#tested = JSON.stringify(rule);
    } catch (failure) {
      const { detail } = failure.problem?.errors?.[0] ?? {};
      this.#place.replaceChildren(make('p', 'form-message', detail ?? text('js.backtest.failed')));
    } finally {
      this.#running = false;
    }
  }

  /** Results of another copy are said to be that. */
  changed() {
    const form = this.#formOf();
    const isOld = Boolean(this.#tested) && JSON.stringify(form.read()) !== this.#tested;
    const note = this.#place?.querySelector('.back-old');
    if (note) {
      note.hidden = !isOld;
    }
  }

  #show({ quarters, together, text: sentences }) {
    const [first, ...rest] = sentences;
    const old = make('p', 'back-old form-message', text('js.backtest.old'));
    old.hidden = true;
    const words = make('ul', 'rule-changes');
    words.append(...rest.map((one) => make('li', '', one)));
    const drawn = together
      ? [chart(quarters), legend(), make('p', 'back-words', first), words]
      : [make('p', 'state-words', first)];
    this.#place.replaceChildren(old, ...drawn, table(quarters));
  }
}
