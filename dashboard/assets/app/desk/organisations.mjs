/* While no case is open: who has how much in hand, the fullest first. */
import { gridboard } from '../core/gridboard.mjs';

const { make, debounced } = gridboard.ui;

const box = () => document.getElementById('bodies-load');
const number = (n) => new Intl.NumberFormat(document.documentElement.lang).format(n);
const share = (body) => (body.capacity ? body.open_load / body.capacity : 0);

function row(body) {
  const element = make('div', 'body-row');
  const full = body.capacity && body.open_load >= body.capacity;
  const figures = gridboard.text('js.load', {
    load: number(body.open_load),
    capacity: body.capacity ? number(body.capacity) : '–',
  });
  const bar = make('div', full ? 'load load-full' : 'load');
  const fill = make('div', 'load-fill');
  fill.style.width = `${Math.min(100, share(body) * 100)}%`;
  bar.append(fill);
  element.append(
    make('span', 'body-name', body.name),
    make('span', 'quiet', full ? `${figures} · ${gridboard.text('js.bulk.full')}` : figures),
    bar,
  );
  return element;
}

const read = debounced(600, async () => {
  if (!box() || !gridboard.desk.here() || gridboard.state().case) {
    return;
  }
  const { area } = gridboard.state();
  try {
    const answer = await gridboard.fetchJson(`/api/bodies${area ? `?area=${encodeURIComponent(area)}` : ''}`);
    const sorted = [...answer.items].sort((a, b) => share(b) - share(a));
    if (box()) {
      box().replaceChildren(
        ...(sorted.length ? sorted.map(row) : [make('p', 'state-hint', gridboard.text('js.desk.no-bodies'))]),
      );
    }
  } catch (_failure) {
    /* the next change asks again */
  }
});

['desk', 'area', 'chosen', 'case', 'refresh'].forEach((name) => gridboard.on(name, read));
