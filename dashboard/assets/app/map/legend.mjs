/* The legend: only what is on the map, with counts; each line switches what it names, or filters the page by it. */
import { icon, make, makeButton } from '../core/dom.mjs';
import { number } from '../core/format.mjs';
import { text } from '../core/words.mjs';

/** How the sign of a line is drawn, by the beginning of its `mark` (layers/base.py, Entry). */
const SIGNS = {
  tier: ({ mark, id }) => make('span', `tier-mark ${mark}`, text(`tier.mark.${id}`)),
  mark: ({ mark }) => make('span', `mark ${mark} mark-plain`),
  icon: ({ icon: name }) => icon(name),
};

function signOf(entry, layer) {
  const sign = make('span', `legend-sign legend-${entry.mark}`);
  const draw = SIGNS[entry.mark.split('-')[0]];
  if (draw) {
    sign.append(draw(entry));
  } else {
    sign.style.setProperty('--colour', entry.mark === 'line' ? layer.style.line : entry.colour);
  }
  return sign;
}

function rowOf(entry, { layer, layers, n }) {
  const key = `${layer.spec.id}:${entry.id}`;
  const row = makeButton('legend-row', null, { entry: key });
  const words = make('span', 'legend-words', entry.words || text(entry.text));
  const word = layer.filterOf?.(entry.id);
  row.classList.toggle('legend-filter', Boolean(word));
  row.setAttribute('aria-pressed', String(word ? layer.map.filter[word.name] === word.value : !layers.hidden.has(key)));
  row.append(signOf(entry, layer), words, make('span', 'legend-count', n === true ? '' : number(n)));
  const press = word
    ? () => layer.map.filterChosen(word.name, word.value, { toggles: true })
    : () => layers.toggleEntry(key);
  row.addEventListener('click', press);
  return row;
}

function groupOf(layer, layers) {
  const counts = layer.counts();
  const entries = (layer.entries?.() ?? layer.spec.legend).filter((entry) => counts[entry.id]);
  if (!entries.length) {
    return null;
  }
  const group = make('div', 'legend-group');
  const rows = entries.map((entry) => rowOf(entry, { layer, layers, n: counts[entry.id] }));
  group.append(make('h3', 'legend-title', layer.legendTitle), ...rows);
  return group;
}

/** One group of lines for every layer that is drawn and counts something, the uppermost layer first; a count of `true`
    is a line without a number. */
export function legendGroups({ layers }) {
  const drawn = layers.topDown.filter((layer) => layer.counts && layers.isOn(layer) && layer.isInView);
  return drawn.map((layer) => groupOf(layer, layers)).filter(Boolean);
}
