/* The canvases of a map, from below: the ground, what is under the pointer, markers with the names that keep clear of
   them. Each layer draws its part of each. */
import { createCanvasLayer } from './canvas_layer.mjs';

const PANES = { ground: 210, hover: 220, marks: 450 };
const GROUND_STEPS = ['drawLand', 'drawUnder', 'drawFill', 'drawOver'];
const BURST_MS = 300;

export class MapCanvases {
  #map;
  #canvases = {};
  #burst = 0;
  #complete = false;
  #drawn;

  /** Where names must not stand: [left, top, right, bottom] in device pixels, of the last picture. */
  boxes = [];

  /** `drawn` is called when every tile of the view has been drawn. */
  constructor(map, drawn) {
    this.#map = map;
    this.#drawn = drawn;
  }

  /** Whether every tile of the view has been drawn. */
  get isComplete() {
    return this.#complete;
  }

  connect(signal) {
    const painters = {
      ground: (pen, frame) => this.#paintGround(pen, frame),
      hover: (pen, frame) => this.#paint(['drawHover'], pen, frame),
      marks: (pen, frame) => this.#paintMarks(pen, frame),
    };
    const { leaflet } = this.#map;
    for (const [pane, order] of Object.entries(PANES)) {
      Object.assign(leaflet.createPane(pane).style, { zIndex: order, pointerEvents: 'none' });
    }
    for (const [pane, paint] of Object.entries(painters)) {
      this.#canvases[pane] = createCanvasLayer({ pane, paint, unit: () => this.#map.unit }).addTo(leaflet);
    }
    signal.addEventListener('abort', () => clearTimeout(this.#burst), { once: true });
  }

  frame(name) {
    return this.#canvases[name].frame();
  }

  /** Draws canvases with the next frame of the screen; none named means all. */
  repaint(...names) {
    for (const name of names.length ? names : Object.keys(PANES)) {
      this.#canvases[name]?.repaint();
    }
  }

  /** Tiles come in bursts: a picture now and then while they do, the whole one as soon as the last of the view is
      there. One that was only asked for ahead changes nothing. */
  tileCame() {
    const isWhole = this.#map.ground.isWhole;
    if (isWhole !== this.#complete) {
      this.#repaintGround();
    } else if (!isWhole) {
      this.#burst ||= setTimeout(() => this.#repaintGround(), BURST_MS);
    }
  }

  /** Names and highlights follow the shapes. */
  #repaintGround() {
    clearTimeout(this.#burst);
    this.#burst = 0;
    this.repaint();
  }

  #paint(steps, pen, frame) {
    if (this.#map.scene) {
      steps.forEach((step) => this.#map.layers.each(step, pen, frame));
    }
  }

  #paintGround(pen, frame) {
    if (this.#map.scene) {
      this.#complete = this.#map.ground.prepare(frame);
      this.#paint(GROUND_STEPS, pen, frame);
      if (this.#complete) {
        this.#drawn();
      }
    }
  }

  #paintMarks(pen, frame) {
    if (this.#map.ground.areaLevel) {
      this.boxes = this.#map.layers.collect('boxes', frame);
      this.#paint(['drawNames', 'drawMarks'], pen, frame);
    }
  }
}
