/* The layers of a map, from the ground up: which of them are on, which lines of the legend are off. A layer's id is
   the name of its module in `layers/`; nothing else here knows one. */

export class LayerSet {
  #map;
  #layers = [];
  #off = new Set();

  /** `LAYER:ENTRY` of the lines of the legend that are switched off. */
  hidden = new Set();

  constructor(map) {
    this.#map = map;
  }

  /** Makes the layers of the configuration. `on`: ids of those that are on; null for the usual ones. */
  async load(specs, on) {
    const found = specs.map(async (spec) => {
      const { default: Layer } = await import(`./layers/${spec.id}.mjs`);
      return new Layer(this.#map, spec);
    });
    this.#layers = await Promise.all(found);
    this.switchTo(on);
  }

  connect(signal) {
    this.#layers.forEach((layer) => layer.connect(signal));
  }

  /** Those above first. */
  get topDown() {
    return [...this.#layers].reverse();
  }

  get(id) {
    return this.#layers.find((layer) => layer.spec.id === id) || null;
  }

  isOn(layer) {
    return !this.#off.has(layer.spec.id);
  }

  switchTo(on) {
    const wanted = (spec) => (on ? on.includes(spec.id) : spec.default_on);
    const off = new Set(this.#layers.filter(({ spec }) => !wanted(spec)).map(({ spec }) => spec.id));
    if (off.size !== this.#off.size || [...off].some((id) => !this.#off.has(id))) {
      this.#off = off;
      this.#map.repaint();
      this.#map.countsChanged();
    }
  }

  /** Ids of the layers that are on; null when they are the usual ones, which leaves the address clean. */
  get chosen() {
    const usual = this.#layers.every((layer) => layer.spec.default_on === this.isOn(layer));
    return usual ? null : this.#layers.filter((layer) => this.isOn(layer)).map(({ spec }) => spec.id);
  }

  toggle(layer) {
    const { id } = layer.spec;
    if (!this.#off.delete(id)) {
      this.#off.add(id);
    }
    this.#map.repaint();
    this.#map.countsChanged();
    this.#map.layersChosen(this.chosen);
  }

  toggleEntry(key) {
    if (!this.hidden.delete(key)) {
      this.hidden.add(key);
    }
    this.#map.repaint();
    this.#map.countsChanged();
  }

  /** Calls a method of every layer that is on and has it; a drawing one with a pen of its own state. */
  each(name, ...values) {
    for (const layer of this.#layers.filter((one) => one[name] && this.isOn(one))) {
      const pen = name.startsWith('draw') ? values[0] : null;
      pen?.save();
      layer[name](...values);
      pen?.restore();
    }
  }

  collect(name, ...values) {
    const layers = this.#layers.filter((one) => one[name] && this.isOn(one));
    return layers.flatMap((layer) => layer[name](...values));
  }

  /** What is under a point (CSS pixels of the map), the uppermost first, down to what lets nothing through: {layer,
      target}. */
  hits(point) {
    const found = [];
    for (const layer of this.topDown.filter((one) => one.hit && this.isOn(one))) {
      const target = layer.hit(point);
      if (target) {
        found.push({ layer, target });
      }
      if (target && layer.isOpaque) {
        break;
      }
    }
    return found;
  }

  /** Lets every layer read an area: promises of what puts it in place. `live`: only those that keep up with the
      stream. */
  readArea(area, signal, { live = false } = {}) {
    return this.#layers.filter((layer) => !live || layer.isLive).map((layer) => layer.load(area, signal));
  }
}
