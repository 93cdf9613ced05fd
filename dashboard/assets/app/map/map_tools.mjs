/* What stands on the map: zoom and fit at the right; toggles of the layers and the legend at the left. */
import { gridboard } from '../core/gridboard.mjs';

const map = gridboard.map;
const KEY = 'gridboard.legend';

function button(className, { icon, label, press }) {
  const { make } = gridboard.ui;
  const element = make('button', className);
  element.type = 'button';
  element.title = label;
  element.setAttribute('aria-label', label);
  const sign = make('span', 'icon');
  sign.style.setProperty('--icon', `url("/assets/icons/${icon}.svg")`);
  element.append(sign);
  element.addEventListener('click', (event) => {
    event.stopPropagation();
    press(element);
  });
  return element;
}

function calm(element) {
  window.L.DomEvent.disableClickPropagation(element);
  window.L.DomEvent.disableScrollPropagation(element);
  return element;
}

function zooming(stage) {
  const bar = calm(gridboard.ui.make('div', 'map-tools map-zoom'));
  const { leaflet } = stage;
  const zoom = (to) => {
    stage.loosen();
    leaflet.setZoom(to, { animate: stage.moves() });
  };
  bar.append(
    button('map-tool', {
      icon: 'plus',
      label: gridboard.text('js.map.zoom-in'),
      press: () => zoom(Math.floor(leaflet.getZoom() + 1)),
    }),
    button('map-tool', {
      icon: 'minus',
      label: gridboard.text('js.map.zoom-out'),
      press: () => zoom(Math.ceil(leaflet.getZoom() - 1)),
    }),
    button('map-tool', { icon: 'maximize', label: gridboard.text('js.map.fit'), press: () => stage.fit(true) }),
  );
  return bar;
}

/** Layers in the address, so that a link shows what its sender saw; the default state leaves it clean. */
function remember(stage) {
  const on = [...stage.layers.keys()].filter((id) => stage.shown(id));
  const usual = [...stage.layers.values()].every(({ spec }) => spec.default_on === stage.shown(spec.id));
  gridboard.go({ layers: usual ? null : on });
}

function toggle(stage, id) {
  if (stage.off.has(id)) {
    stage.off.delete(id);
  } else {
    stage.off.add(id);
  }
  stage.repaint();
  gridboard.emit('map-counts');
  remember(stage);
}

function layers(stage) {
  const bar = gridboard.ui.make('div', 'map-tools map-layers');
  bar.setAttribute('role', 'toolbar');
  bar.setAttribute('aria-label', gridboard.text('js.map.layers'));
  const open = button('map-tool layers-toggle', {
    icon: 'stack-2',
    label: gridboard.text('js.legend.title'),
    press: () => fold(stage),
  });
  open.id = 'layers-toggle';
  open.setAttribute('aria-controls', 'legend');
  bar.append(open);
  [...stage.layers.values()].reverse().forEach(({ spec }) => {
    const one = button('map-tool map-switch', {
      icon: spec.icon,
      label: gridboard.text(spec.text),
      press: () => toggle(stage, spec.id),
    });
    one.id = `layer-toggle-${spec.id}`;
    bar.append(one);
  });
  return bar;
}

function remembered() {
  try {
    return window.localStorage.getItem(KEY);
  } catch (_refused) {
    return null;
  }
}

function startsOpen(stage) {
  const words = remembered();
  return words ? words === 'open' : stage.leaflet.getContainer().clientWidth > 900 * gridboard.map.unit();
}

function fold(stage) {
  stage.legendOpen = !stage.legendOpen;
  try {
    window.localStorage.setItem(KEY, stage.legendOpen ? 'open' : 'closed');
  } catch (_refused) {
    /* a private window forgets it */
  }
  map.writeLegend(stage);
}

map.furnish = function furnish(stage) {
  const room = stage.leaflet.getContainer();
  const unlisten = map.listen(stage);
  map.street(stage);
  if (document.querySelector('.wall')) {
    return;
  }
  stage.legendOpen = startsOpen(stage);
  const corner = calm(gridboard.ui.make('div', 'map-legend'));
  const legend = gridboard.ui.make('section', 'legend');
  legend.id = 'legend';
  legend.setAttribute('aria-label', gridboard.text('js.legend.title'));
  corner.append(legend, layers(stage));
  room.append(corner, zooming(stage));
  const write = gridboard.ui.debounced(60, () => {
    if (!stage.ended) {
      map.writeLegend(stage);
    }
  });
  const hear = ['map-scene', 'map-counts', 'painted', 'filter'].map((name) => gridboard.on(name, write));
  stage.leaflet.on('zoomend', write);
  stage.leaflet.on('unload', () => {
    hear.forEach((end) => end());
    unlisten();
  });
  map.writeLegend(stage);
};
