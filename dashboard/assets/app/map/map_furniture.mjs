/* What stands on the map: zoom and fit at the right; toggles of the layers and the legend at the left. Nothing on a
   wall. */
import { bus } from '../core/bus.mjs';
import { icon, make, makeButton, remember, remembered } from '../core/dom.mjs';
import { debounced } from '../core/timers.mjs';
import { text } from '../core/words.mjs';
import { legendGroups } from './legend.mjs';
import { LevelSwitch } from './level_switch.mjs';

const KEY = 'gridboard.legend';
const WRITE_MS = 60;

function toolButton(className, { sign, label, press }) {
  const button = makeButton(className);
  button.title = label;
  button.setAttribute('aria-label', label);
  button.append(icon(sign));
  button.addEventListener('click', (event) => {
    event.stopPropagation();
    press();
  });
  return button;
}

/** What is pressed or scrolled here is not meant for the map. */
function shielded(element) {
  window.L.DomEvent.disableClickPropagation(element);
  window.L.DomEvent.disableScrollPropagation(element);
  return element;
}

export class MapFurniture {
  #map;
  #legend = make('section', 'legend');
  #fold = null;
  #level;
  #switches = new Map();
  #isOpen = false;
  #write = debounced(WRITE_MS, () => this.#draw());

  constructor(map) {
    this.#map = map;
    this.#level = new LevelSwitch(map);
  }

  connect(signal) {
    if (document.querySelector('.wall')) {
      return;
    }
    const words = remembered(KEY);
    this.#isOpen = words ? words === 'open' : this.#map.view.isWide;
    this.#legend.id = 'legend';
    this.#legend.setAttribute('aria-label', text('js.legend.title'));
    const corner = shielded(make('div', 'map-legend'));
    corner.append(this.#legend, this.#layerBar());
    this.#map.leaflet.getContainer().append(corner, this.#zoomBar(), shielded(this.#level.element));
    bus.on('map-scene', () => this.#draw(), signal);
    ['map-counts', 'painted'].forEach((event) => bus.on(event, this.#write, signal));
    this.#map.leaflet.on('zoomend', this.#write);
    this.#draw();
  }

  #zoomBar() {
    const bar = shielded(make('div', 'map-tools map-zoom'));
    const { view } = this.#map;
    const tool = (sign, key, press) => toolButton('map-tool', { sign, label: text(key), press });
    bar.append(
      tool('plus', 'js.map.zoom-in', () => view.zoomBy(1)),
      tool('minus', 'js.map.zoom-out', () => view.zoomBy(-1)),
      tool('maximize', 'js.map.fit', () => this.#map.fit()),
    );
    return bar;
  }

  #layerBar() {
    const bar = make('div', 'map-tools map-layers');
    bar.setAttribute('role', 'toolbar');
    bar.setAttribute('aria-label', text('js.map.layers'));
    const label = text('js.legend.title');
    this.#fold = toolButton('map-tool layers-toggle', { sign: 'stack-2', label, press: () => this.#toggleLegend() });
    this.#fold.id = 'layers-toggle';
    this.#fold.setAttribute('aria-controls', 'legend');
    bar.append(this.#fold, ...this.#map.layers.topDown.map((layer) => this.#layerSwitch(layer)));
    return bar;
  }

  #layerSwitch(layer) {
    const { spec } = layer;
    const press = () => this.#map.layers.toggle(layer);
    const button = toolButton('map-tool map-switch', { sign: spec.icon, label: text(spec.text), press });
    button.id = `layer-toggle-${spec.id}`;
    this.#switches.set(layer, button);
    return button;
  }

  #toggleLegend() {
    this.#isOpen = !this.#isOpen;
    remember(KEY, this.#isOpen ? 'open' : 'closed');
    this.#draw();
  }

  #draw() {
    const { layers, scene } = this.#map;
    this.#fold.setAttribute('aria-expanded', String(this.#isOpen));
    for (const [layer, button] of this.#switches) {
      button.setAttribute('aria-pressed', String(layers.isOn(layer)));
    }
    const groups = scene && this.#isOpen ? legendGroups(this.#map) : [];
    this.#legend.hidden = !groups.length;
    this.#legend.replaceChildren(...groups);
    this.#level.draw();
  }
}
