/* One map on a page: a Leaflet map with its canvases, the present scene, the ground, the layers that draw on it, and
   what is switched off. The delegate hears what somebody did: areaClicked, caseClicked, casesPicked, hovered,
   layersChosen. */
import { bus } from '../core/bus.mjs';
import { scale } from '../core/dom.mjs';
import { debounced } from '../core/timers.mjs';
import { AreaGround } from './area_ground.mjs';
import { AreaIndex, TIERS as TIER_OF } from './area_index.mjs';
import { LayerSet } from './layer_set.mjs';
import { MapCanvases } from './map_canvases.mjs';
import { MapFurniture } from './map_furniture.mjs';
import { wantsContrast } from './map_layer.mjs';
import { isOnMap, Pointer } from './pointer.mjs';
import { readNeighbours, readScene } from './scene.mjs';
import { addStreetMap } from './street_map.mjs';
import { TileLoader } from './tile_loader.mjs';
import { TilesAhead } from './tiles_ahead.mjs';
import { View } from './view.mjs';

/** Letters of a wall, in pixels, that are one unit. */
const WALL_LETTER_PX = 22;
const RENEW_MS = 500;
const UPPER_MS = 2000;
const RETRY_MS = 3000;

export class MapView {
  #delegate;
  #wanted = null;
  #reading = null;
  #loaded = false;
  #settled = false;
  #settle = null;
  #ended = new AbortController();
  #scenes = new Map();
  #told = new Map();
  #takers = {
    theme: (theme) => this.#applyTheme(theme || this.theme),
    padding: (padding) => {
      this.padding = padding || this.padding;
    },
    level: (level) => {
      this.level = level || null;
      this.repaint();
    },
    filter: (filter) => this.#refilter(filter || {}),
    selection: (selection) => this.#select(selection || this.selection),
    layers: (layers) => this.layers.switchTo(layers),
    area: (area) => this.show(area || this.config.root),
  };
  #readUpper = debounced(UPPER_MS, () => this.#renewUpper());

  scene = null;
  config = null;
  hovered = null;
  level = null;
  theme = 'dark';
  padding = [0, 0, 0, 0];
  filter = {};
  selection = { case: '', cases: [] };
  index = new AreaIndex();
  ground = new AreaGround(this);
  ahead = new TilesAhead(this);
  canvases = new MapCanvases(this, () => this.#arriveSoon());
  tiles = new TileLoader(() => this.canvases.tileCame());
  layers = new LayerSet(this);
  renew = debounced(RENEW_MS, () => this.#readAgain());

  constructor(leaflet, delegate) {
    this.leaflet = leaflet;
    this.#delegate = delegate;
    this.view = new View(this);
    this.#renewReady();
  }

  /** Draws from now on what the configuration (as /api/client tells it) and the properties say. */
  async start(config, properties) {
    this.config = config;
    await this.layers.load(config.layers, properties.layers);
    const { signal } = this.#ended;
    if (signal.aborted) {
      return;
    }
    this.canvases.connect(signal);
    this.view.connect(signal);
    this.layers.connect(signal);
    new Pointer(this).connect(signal);
    new MapFurniture(this).connect(signal);
    addStreetMap(this);
    this.#followContrast(signal);
    bus.on('snapshot', this.renew, signal);
    bus.on('areas-changed', () => this.#scenes.clear(), signal);
    bus.on('tier', ({ code, tier }) => this.#recolour(code, tier), signal);
    for (const event of ['case', 'case-elsewhere']) {
      bus.on(event, ({ counts }) => this.#countAgain(counts), signal);
    }
    this.update(properties);
  }

  end() {
    this.#ended.abort();
    this.#reading?.abort();
    this.tiles.end();
  }

  /** Takes over what the page says (area, level, layers, theme, filter, selection, padding), where it says something
      else than before: what it has not heard of yet, as an area that was just pressed, it does not take back. */
  update(properties) {
    if (!this.config) {
      return;
    }
    for (const [name, take] of Object.entries(this.#takers)) {
      const word = JSON.stringify(properties[name] ?? null);
      if (this.#told.get(name) !== word) {
        this.#told.set(name, word);
        take(properties[name]);
      }
    }
  }

  /** The area that is shown, or about to be. */
  get area() {
    return this.#wanted;
  }

  get zoom() {
    return this.leaflet.getZoom();
  }

  /** What a pixel of an ordinary screen becomes: more on large screens, and on a wall as its letters do. */
  get unit() {
    const wall = document.querySelector('.wall');
    return wall ? Number.parseFloat(window.getComputedStyle(wall).fontSize) / WALL_LETTER_PX : scale();
  }

  /** Where an event is, WGS84; null where it is not on the map itself but on what lies over it. */
  placeOf(event) {
    const isHere = this.leaflet.getContainer().contains(event.target) && isOnMap(event);
    return isHere ? this.leaflet.mouseEventToLatLng(event) : null;
  }

  get isMoving() {
    return Boolean(this.leaflet._animatingZoom || this.leaflet._panAnim?._inProgress);
  }

  /** Where names must not stand on the canvas of the markers. */
  get boxes() {
    return this.canvases.boxes;
  }

  frame(name) {
    return this.canvases.frame(name);
  }

  /** From device pixels of a canvas to CSS pixels of the map (an L.Point). */
  toPoint({ x, y }, { origin, ratio }) {
    const layerPoint = window.L.point(x / ratio, y / ratio)
      .add(origin)
      .subtract(this.leaflet.getPixelOrigin());
    return this.leaflet.layerPointToContainerPoint(layerPoint);
  }

  /** The child of the area under device pixels of a canvas. */
  childUnder([x, y], { origin, ratio, zoom }) {
    const { lng, lat } = this.leaflet.unproject([x / ratio + origin.x, y / ratio + origin.y], zoom);
    return this.ground.childAt(lng, lat);
  }

  isHidden(layerId, entry) {
    return this.layers.hidden.has(`${layerId}:${entry}`);
  }

  repaint(...names) {
    this.canvases.repaint(...names);
  }

  countsChanged() {
    bus.emit('map-counts');
  }

  fit() {
    this.view.fit();
  }

  /** `code` is marked on the map, `child` (the area of the list that holds it) is told. */
  hover(code, { from = 'map', child = code } = {}) {
    if (this.hovered !== code) {
      this.hovered = code;
      this.repaint('hover');
      if (from === 'map') {
        this.#delegate.hovered(child);
      }
    }
  }

  levelChosen(level) {
    bus.emit('level-chosen', { level });
  }

  /** The map goes down at once, as far as it knows the way; the page follows. */
  areaClicked(code) {
    this.show(code);
    this.#delegate.areaClicked(code);
  }

  caseClicked(no) {
    this.#delegate.caseClicked(no);
  }

  casesPicked(cases) {
    this.#delegate.casesPicked(cases);
  }

  /** A word of the page's filter: `toggles` when the same again takes it out. */
  filterChosen(name, value, { toggles = false } = {}) {
    bus.emit('filter-chosen', { name, value, toggles });
  }

  layersChosen(ids) {
    this.#delegate.layersChosen(ids);
  }

  /** Shows an area: at once what is known of it, and the whole of it when it has been read. */
  async show(code) {
    if (code === this.#wanted) {
      return;
    }
    this.#wanted = code;
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    this.#renewReady();
    this.#loaded = false;
    const known = this.#knownScene(code);
    if (known) {
      this.#begin(known);
    }
    try {
      await this.#read(code, known, reading.signal);
    } catch (failure) {
      this.#failed(code, failure, reading);
    }
  }

  #renewReady() {
    const before = this.#settle;
    this.ready = new Promise((done) => {
      this.#settle = done;
    });
    if (before) {
      this.ready.then(before);
    }
  }

  /** A scene that was shown before, or the part of the present one that is an area in it. */
  #knownScene(code) {
    const { levels } = this.config;
    const before = this.#scenes.get(code);
    if (before || !this.scene || !this.canvases.isComplete || this.isMoving) {
      return before || null;
    }
    const bbox = this.ground.boundsOf(code, this.frame('ground'));
    return this.scene.narrowed(code, { index: this.index, levels, bbox });
  }

  async #read(code, known, signal) {
    const { config, index } = this;
    const foresee = known ? null : (facts, areaLevels) => this.ahead.foresee(facts, () => areaLevels);
    const guessed = known?.facts.bbox;
    const read = known?.readFacts(signal) ?? readScene({ code, config, index, signal, foresee });
    const [scene, ...taken] = await Promise.all([read, ...this.layers.readArea(code, signal)]);
    if (signal.aborted) {
      return;
    }
    taken.forEach((take) => take?.());
    this.#loaded = true;
    if (known) {
      this.#correctView(guessed, known.facts.bbox);
    } else {
      this.#begin(scene);
    }
    this.#scenes.set(code, this.scene);
    if (this.canvases.isComplete) {
      this.#arriveSoon();
    }
  }

  #begin(scene) {
    const first = !this.scene;
    const { own } = scene;
    const holds = (lng, lat) => this.ground.holds(own, scene.code, lng, lat);
    if (!first && !this.#loaded) {
      this.layers.each('narrow', holds);
    }
    this.#settled = false;
    this.scene = scene;
    this.hovered = null;
    this.repaint();
    this.leaflet.invalidateSize({ animate: false });
    bus.emit('map-scene', { area: scene.code, seq: scene.seq });
    this.ahead.foresee(scene.facts, (zoom) => [this.ground.fillLevel(scene, zoom), scene.child, scene.own]);
    this.view.fit();
  }

  /** A view that was taken from tiles gives way to the true one, if that is another. */
  #correctView(guessed, bbox) {
    if (guessed !== bbox && !this.view.sameFit(guessed, bbox) && !this.view.isInHand) {
      this.view.fit();
    }
  }

  #failed(code, failure, reading) {
    if (failure.name === 'AbortError' || reading !== this.#reading) {
      return;
    }
    if (failure.status && failure.status < 500) {
      this.#resolveReady(null);
      return;
    }
    setTimeout(() => {
      if (reading === this.#reading && !this.#ended.signal.aborted) {
        this.#wanted = null;
        this.show(code);
      }
    }, RETRY_MS);
  }

  #resolveReady(code) {
    this.#settle?.(code);
    this.#settle = null;
  }

  #arriveSoon() {
    if (this.#loaded && !this.#settled && this.scene.code === this.#wanted && !this.isMoving) {
      this.#settled = true;
      requestAnimationFrame(() => this.#arrived());
    }
  }

  /** The markers were drawn in the frame before. */
  #arrived() {
    const { scene } = this;
    if (this.#ended.signal.aborted || scene.code !== this.#wanted) {
      return;
    }
    performance.mark('map-painted');
    this.#resolveReady(scene.code);
    this.ahead.lookBelow();
    bus.emit('painted', { area: scene.code });
    const { signal } = this.#reading;
    this.#repaintWhen(readNeighbours({ scene, index: this.index, signal, isKnown: (code) => this.#scenes.has(code) }));
  }

  /** Repaints what has other colours once the tiers have been read; failing that, all stays as it is. */
  async #repaintWhen(read) {
    const { turn } = this.index;
    await Promise.resolve(read).catch(() => {});
    if (this.index.turn !== turn) {
      this.repaint();
    }
  }

  /** The same area read again, in place: nothing moves. The next snapshot tries again. */
  async #readAgain() {
    const { scene, config, index } = this;
    const signal = this.#reading?.signal;
    if (!scene || !this.#loaded) {
      return;
    }
    try {
      const read = readScene({ code: scene.code, config, index, signal });
      const [fresh, ...taken] = await Promise.all([read, ...this.layers.readArea(scene.code, signal, { live: true })]);
      if (this.scene === scene && !this.#ended.signal.aborted) {
        taken.forEach((take) => take?.());
        this.scene = fresh;
        this.#scenes = new Map([[fresh.code, fresh]]);
        this.repaint();
        this.countsChanged();
      }
    } catch {
      // nothing was lost
    }
  }

  /** A frame of the past, in place: the areas of a level, and the markers where nothing is filtered. */
  playFrame(frame, { level, code }) {
    const { turn } = this.index;
    for (const [place, letter, open, waiting] of frame.areas) {
      this.index.put(code[place], { tier: TIER_OF[letter] ?? null, open, waiting, level });
    }
    if (!Object.keys(this.filter).length) {
      this.layers.each('playFrame', frame);
    }
    if (this.index.turn !== turn) {
      this.repaint();
    }
    this.countsChanged();
  }

  /** One leaf changes at once; the levels above, which follow from many leaves, are asked for a little later. */
  #recolour(code, tier) {
    if (this.scene && this.index.get(code)) {
      this.index.put(code, { tier });
      this.repaint();
      this.countsChanged();
      this.#readUpper();
    }
  }

  /** Colours the areas as a rule that is tried would (code -> tier); null: as they are. */
  tryOn(tiers) {
    const { turn } = this.index;
    this.index.tryOn(tiers);
    if (this.scene && this.index.turn !== turn) {
      this.repaint();
      this.countsChanged();
    }
  }

  async #renewUpper() {
    const { scene } = this;
    if (!scene || scene.leaf || this.#ended.signal.aborted) {
      return;
    }
    const upper = scene.areaLevels.slice(0, -1);
    const read = upper.map((areaLevel) => this.index.readLevel(scene.code, areaLevel.level, this.#reading.signal));
    await this.#repaintWhen(Promise.all(read));
  }

  #countAgain(counts = {}) {
    for (const [code, { open, waiting }] of Object.entries(counts)) {
      if (this.index.get(code)) {
        this.index.put(code, { open, waiting });
      }
    }
  }

  /** The reader's system asks for more contrast, or does not any more. */
  #followContrast(signal) {
    const redraw = () => {
      this.layers.each('retheme');
      this.repaint();
    };
    wantsContrast.addEventListener('change', redraw, { signal });
  }

  #applyTheme(theme) {
    if (theme !== this.theme) {
      this.theme = theme;
      this.layers.each('retheme');
      this.repaint();
      this.countsChanged();
    }
  }

  /** Which cases are shown; a query of /api/markers. With another area, its reading asks for them. */
  #refilter(filter) {
    this.filter = filter;
    setTimeout(() => this.area && this.layers.topDown.forEach((layer) => layer.filterChanged?.()));
  }

  #select(selection) {
    const before = this.selection;
    this.selection = selection;
    this.layers.each('selectionChanged', before);
  }
}
