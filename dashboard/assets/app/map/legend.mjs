/* The legend: only what is on the map, with counts; each line switches what it names. */
import { gridboard } from '../core/gridboard.mjs';

const map = gridboard.map;

function sign(entry, layer, stage) {
  const { make } = gridboard.ui;
  const mark = make('span', `legend-sign legend-${entry.mark}`);
  if (entry.mark.startsWith('tier-')) {
    const chip = make('span', `tier-mark ${entry.mark}`, gridboard.text(`tier.mark.${entry.id}`));
    mark.append(chip);
  } else if (entry.mark.startsWith('mark-')) {
    mark.append(make('span', `mark ${entry.mark} mark-plain`));
  } else if (entry.mark === 'icon') {
    const icon = make('span', 'icon');
    icon.style.setProperty('--icon', `url("/assets/icons/${entry.icon}.svg")`);
    mark.append(icon);
  } else {
    mark.style.setProperty('--colour', entry.mark === 'line' ? stage.style(layer.spec.id).line : entry.colour);
  }
  return mark;
}

function row(entry, { layer, stage, counts }) {
  const { make } = gridboard.ui;
  const key = `${layer.spec.id}:${entry.id}`;
  const element = make('button', 'legend-row');
  element.type = 'button';
  element.dataset.entry = key;
  element.setAttribute('aria-pressed', String(!stage.hidden.has(key)));
  element.append(
    sign(entry, layer, stage),
    make('span', 'legend-words', entry.words || gridboard.text(entry.text)),
    make('span', 'legend-count', new Intl.NumberFormat(document.documentElement.lang).format(counts[entry.id] || 0)),
  );
  element.addEventListener('click', () => {
    if (stage.hidden.has(key)) {
      stage.hidden.delete(key);
    } else {
      stage.hidden.add(key);
    }
    stage.repaint();
    gridboard.emit('filter', { key });
  });
  return element;
}

function group(layer, stage) {
  const { make } = gridboard.ui;
  const { spec, part } = layer;
  if (!part.counts || !stage.shown(spec.id) || stage.leaflet.getZoom() < spec.min_zoom) {
    return null;
  }
  const counts = part.counts();
  const all = part.entries ? part.entries() : spec.legend;
  const entries = all.filter((entry) => counts[entry.id]);
  if (!entries.length || (all.length === 1 && spec.id === 'rivers')) {
    return null;
  }
  const box = make('div', 'legend-group');
  box.append(
    make('h3', 'legend-title', title(layer, stage)),
    ...entries.map((entry) => row(entry, { layer, stage, counts })),
  );
  return box;
}

function title({ spec, part }, stage) {
  const words = gridboard.text(spec.text);
  const rung = spec.id === 'boundaries' && part.rung();
  const level = rung && stage.config.levels.find((one) => one.code === rung.level);
  return level ? `${words} · ${level.name}` : words;
}

map.writeLegend = function writeLegend(stage) {
  const legend = document.getElementById('legend');
  const open = document.getElementById('layers-toggle');
  if (!legend || !open || !stage.config) {
    return;
  }
  open.setAttribute('aria-expanded', String(stage.legendOpen));
  stage.layers.forEach(({ spec }) => {
    const one = document.getElementById(`layer-toggle-${spec.id}`);
    if (one) {
      one.setAttribute('aria-pressed', String(stage.shown(spec.id)));
    }
  });
  const groups =
    stage.scene && stage.legendOpen
      ? [...stage.layers.values()]
          .reverse()
          .map((layer) => group(layer, stage))
          .filter(Boolean)
      : [];
  legend.hidden = !groups.length;
  legend.replaceChildren(...groups);
};
