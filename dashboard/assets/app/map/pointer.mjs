/* What the pointer does: hover names, click goes down or opens, shift chooses, shift-drag draws a box. */
import { bus } from '../core/bus.mjs';
import { make } from '../core/dom.mjs';
import { areaTooltip, Tooltip } from './tooltip.mjs';

const FURNITURE = '.map-tools, .map-legend, .map-level, .chooser, .leaflet-control, .leaflet-popup';
const DRAG_PX = 5;

/** Not on what lies over it and keeps its own clicks. */
export const isOnMap = (event) => !event.target.closest(FURNITURE);

export class Pointer {
  #map;
  #leaflet;
  #room;
  #tooltip;
  #box = null;
  #swallowsClick = false;

  constructor(map) {
    this.#map = map;
    this.#leaflet = map.leaflet;
    this.#room = map.leaflet.getContainer();
    this.#tooltip = new Tooltip(this.#room);
  }

  connect(signal) {
    const listen = (type, handle, options) => this.#room.addEventListener(type, handle, { signal, ...options });
    this.#leaflet.on('click', ({ originalEvent }) => this.#clicked(originalEvent));
    this.#leaflet.on('movestart zoomstart', () => this.#tooltip.hide());
    listen('pointermove', (event) => this.#moved(event));
    listen('pointerleave', () => !this.#box && this.#leave());
    listen('pointerdown', (event) => this.#pressed(event), { capture: true });
    window.addEventListener('pointerup', () => this.#released(), { signal });
    bus.on('hover', ({ code, from }) => from === 'list' && this.#map.hover(code, { from }), signal);
  }

  /** What is under the pointer: targets of the layers; if none of them hides it, the area that is coloured there
      (`shown`), and the one that a click opens (`area`): the coloured one where its level was chosen or a key goes with
      it, else the next on the way down to it. */
  #under(event) {
    const { ground, layers, scene } = this.#map;
    const point = this.#leaflet.mouseEventToContainerPoint(event);
    const hits = layers.hits(point);
    if (hits.some(({ layer }) => layer.isOpaque)) {
      return { point, hits, area: null, shown: null };
    }
    const at = this.#leaflet.containerPointToLatLng(point);
    const found = ground.areaAt(at);
    const child = found === scene.code ? null : found;
    const shown = (scene.child.child.has(child) && ground.shownAt(at)) || child;
    const straight = ground.isChosen || event.ctrlKey || event.metaKey;
    return { point, hits, child, shown, area: straight ? shown : child };
  }

  #moved(event) {
    if (this.#box) {
      this.#stretch(event);
    } else if (!event.buttons && this.#map.scene && event.pointerType !== 'touch') {
      this.#point(event);
    }
  }

  #point(event) {
    if (!isOnMap(event)) {
      this.#leave();
      return;
    }
    const { point, hits, area, child, shown } = this.#under(event);
    this.#map.hover(shown, { child });
    this.#room.classList.toggle('pointing', Boolean(area) || hits.some(({ layer }) => layer.click));
    const named = hits.find(({ layer }) => layer.tooltip);
    this.#tooltip.show(point, named ? named.layer.tooltip(named.target) : areaTooltip(this.#map, shown, area));
  }

  #leave() {
    this.#map.hover(null);
    this.#tooltip.hide();
    this.#room.classList.remove('pointing');
  }

  #clicked(event) {
    if (this.#swallowsClick || !isOnMap(event) || !this.#map.scene) {
      return;
    }
    const { hits, area } = this.#under(event);
    const pressed = hits.find(({ layer }) => layer.click);
    if (pressed) {
      this.#tooltip.hide();
      pressed.layer.click(pressed.target, event);
    } else if (area && !event.shiftKey) {
      this.#leave();
      this.#map.areaClicked(area);
    }
  }

  #pressed(event) {
    const selects = this.#map.layers.topDown.some((layer) => layer.selectIn && this.#map.layers.isOn(layer));
    if (event.shiftKey && !event.button && selects && isOnMap(event)) {
      this.#leaflet.dragging.disable();
      this.#box = { from: this.#leaflet.mouseEventToContainerPoint(event), to: null, element: null };
      event.preventDefault();
    }
  }

  #stretch(event) {
    const { from } = this.#box;
    const to = this.#leaflet.mouseEventToContainerPoint(event);
    if (!this.#box.element && to.distanceTo(from) >= DRAG_PX) {
      this.#box.element = make('div', 'map-box');
      this.#room.append(this.#box.element);
    }
    if (this.#box.element) {
      this.#box.to = to;
      Object.assign(this.#box.element.style, {
        left: `${Math.min(to.x, from.x)}px`,
        top: `${Math.min(to.y, from.y)}px`,
        width: `${Math.abs(to.x - from.x)}px`,
        height: `${Math.abs(to.y - from.y)}px`,
      });
    }
  }

  #released() {
    if (!this.#box) {
      return;
    }
    const { from, to, element } = this.#box;
    this.#box = null;
    this.#leaflet.dragging.enable();
    if (element) {
      element.remove();
      const picked = this.#map.layers.collect('selectIn', window.L.bounds(from, to));
      this.#map.casesPicked([...this.#map.selection.cases, ...picked]);
      this.#swallowsClick = true;
      setTimeout(() => {
        this.#swallowsClick = false;
      });
    }
  }
}
