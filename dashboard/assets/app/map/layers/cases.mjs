/* Open cases of the area: read once, then kept by the stream; clustered, drawn, found under the pointer. */
import { bus } from '../../core/bus.mjs';
import { make } from '../../core/dom.mjs';
import { boxWord } from '../../core/filter.mjs';
import { timeLeft } from '../../core/format.mjs';
import { fetchJson, query } from '../../core/http.mjs';
import { store } from '../../core/store.mjs';
import { debounced, every } from '../../core/timers.mjs';
import { text } from '../../core/words.mjs';
import { CaseChooser } from '../case_chooser.mjs';
import { CaseClusters, FEW, SEVERITIES, spreadApart } from '../case_clusters.mjs';
import { drawCluster, drawMark, drawRipple } from '../case_marks.mjs';
import { MapLayer } from '../map_layer.mjs';

const HIT_PX = 24;
const CLUSTER_PX = 54;
const MARK_PX = 22;
const SMALL_PX = 14;
const SMALL_ZOOM = 11;
const RIPPLE_MS = 900;
const RINGS_MS = 30000;
const AGAIN_MS = 500;

/** As data/queries/case_markers.py has them. */
const COLUMNS = ['case_no', 'lon', 'lat', 'kind', 'severity', 'status', 'due_at', 'reported_at', 'version'];

const milliseconds = (value) => (typeof value === 'string' ? Date.parse(value) : value * 1000) || null;
const clusterPx = (n) => 28 + Math.min(16, Math.sqrt(n) * 2.2);
const isCalm = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;

const entryOf = (no, row) => ({
  no,
  lon: row.lon,
  lat: row.lat,
  kind: row.kind,
  severity: row.severity,
  status: row.status,
  waiting: row.status === 'waiting',
  version: row.version || 0,
  due: milliseconds(row.due_at),
  since: milliseconds(row.reported_at),
});

/** Rows of columns; a case without a number (a display learns none) has a place for one. */
function entriesOf(columns) {
  const rows = new Map();
  columns.case_no.forEach((no, n) => {
    const row = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[n]]));
    rows.set(no || `#${n}`, entryOf(no, row));
  });
  return rows;
}

export default class Cases extends MapLayer {
  #cases = new Map();
  #clusters = null;
  #spots = [];
  #ripple = null;
  #chooser = null;
  #asked = '';
  #again = debounced(AGAIN_MS, () => this.#readAgain());

  connect(signal) {
    // what it stands beside goes elsewhere
    this.map.leaflet.on('movestart zoomstart', () => this.#chooser?.close());
    bus.on('map-scene', () => this.#chooser?.close(), signal);
    bus.on('case', (change) => this.#changed(change), signal);
    // the rings empty as time goes by
    every(RINGS_MS, () => this.#stale(), signal);
  }

  get legendTitle() {
    return Object.keys(this.map.filter).length ? text('js.list-title.all') : super.legendTitle;
  }

  get isLive() {
    return true;
  }

  get size() {
    return this.#cases.size;
  }

  get(key) {
    return this.#cases.get(key);
  }

  async load(area, signal) {
    let items = null;
    const asked = query({ area, ...this.map.filter });
    this.#asked = asked;
    try {
      items = (await fetchJson(`/api/markers${asked}`, { signal })).items;
    } catch (failure) {
      if (failure.name === 'AbortError' || !failure.status || failure.status >= 500) {
        throw failure;
      }
    }
    return () => {
      if (asked === this.#asked) {
        this.#cases = items ? entriesOf(items) : new Map();
        this.#stale();
      }
    };
  }

  /** Markers that came, changed and went, in place. */
  playFrame({ came, went, whole = false }) {
    if (whole) {
      this.#cases.clear();
    }
    went.forEach((no) => this.#cases.delete(no));
    for (const row of came) {
      const named = Object.fromEntries(COLUMNS.map((name, n) => [name, row[n]]));
      this.#cases.set(named.case_no, entryOf(named.case_no, named));
    }
    this.#stale();
  }

  /** The page's filter is another: read again, unless the area that comes with it has asked already. */
  filterChanged() {
    if (query({ area: this.map.area, ...this.map.filter }) !== this.#asked) {
      this.#readAgain();
    }
  }

  /** Until the cases of a part of the area have been read: those of them that are here. */
  narrow(holds) {
    this.#cases = new Map([...this.#cases].filter(([, one]) => holds(one.lon, one.lat)));
    this.#stale();
  }

  selectionChanged(before) {
    if (before.case !== this.map.selection.case) {
      this.#stale();
      this.#bringIntoView();
    } else {
      this.map.repaint('marks');
    }
  }

  /** What a line of the legend means to the page's filter. */
  filterOf(entry) {
    return { name: SEVERITIES.includes(entry) ? 'severity' : 'kind', value: entry };
  }

  counts() {
    const found = {};
    for (const { kind, severity } of this.#cases.values()) {
      found[kind] = (found[kind] || 0) + 1;
      found[severity] = (found[severity] || 0) + 1;
    }
    return found;
  }

  /** Where names must not stand. */
  boxes(frame) {
    return this.#lay(frame).map((spot) => {
      const r = (this.#pxOf(spot, frame) / 2 + 1) * frame.scale;
      return [spot.x - r, spot.y - r, spot.x + r, spot.y + r];
    });
  }

  drawMarks(pen, frame) {
    const { case: chosen, cases } = this.map.selection;
    const picked = new Set(cases);
    this.#spots = this.#lay(frame);
    const rank = (spot) => (spot.key === chosen ? 2 : Number(Boolean(spot.sum)));
    this.#spots.sort((a, b) => rank(a) - rank(b));
    for (const spot of this.#spots) {
      spot.r = this.#pxOf(spot, frame) / 2;
      const place = { x: spot.x, y: spot.y, size: spot.r * 2 * frame.scale, style: this.style };
      if (spot.sum) {
        drawCluster(pen, spot.sum, { ...place, picked: spot.sum.keys.some((key) => picked.has(key)) });
      } else {
        const look = { ...place, chosen: spot.key === chosen, picked: picked.has(spot.key) };
        drawMark(pen, this.#lookOf(this.#cases.get(spot.key)), look);
      }
    }
    this.#drawRipple(pen, frame);
  }

  /** The marker or cluster under a point (CSS pixels of the map), the nearest first. */
  hit(point) {
    const frame = this.map.frame('marks');
    let best = null;
    for (const spot of this.#spots) {
      const far = this.map.toPoint(spot, frame).distanceTo(point);
      const reach = Math.max(HIT_PX / 2, spot.r + 1) * this.map.unit;
      if (far <= reach && (!best || far < best.far)) {
        best = { far, spot };
      }
    }
    return best?.spot ?? null;
  }

  /** Nothing below a marker is meant. */
  get isOpaque() {
    return true;
  }

  tooltip({ sum, key }) {
    return sum ? clusterTooltip(sum) : caseTooltip(this.#cases.get(key));
  }

  click(spot, event) {
    if (event.shiftKey) {
      this.#pick(spot.sum ? spot.sum.keys : [spot.key]);
    } else if (spot.sum) {
      this.#openCluster(spot);
    } else if (this.#cases.get(spot.key).no) {
      this.map.caseClicked(spot.key);
    }
  }

  /** Goes to where it comes apart; what stands at one point never does, and is listed. */
  #openCluster(spot) {
    if (spot.id !== undefined) {
      this.#filterTo(spot.sum.keys);
      const zoom = Math.max(this.#index.expansionZoom(spot.id), this.map.zoom + 1);
      this.map.view.goTo([spot.lat, spot.lon], zoom);
      return;
    }
    const cases = spot.sum.keys.map((key) => this.#cases.get(key)).filter(({ no }) => no);
    if (cases.length) {
      this.#chooser ??= new CaseChooser(this.map.leaflet.getContainer());
      const point = this.map.toPoint(spot, this.map.frame('marks'));
      const list = () => this.#filterTo(spot.sum.keys);
      this.#chooser.open(point, cases, { choose: (no) => this.map.caseClicked(no), list });
    }
  }

  /** The list shows what was pressed, as the map does. */
  #filterTo(keys) {
    const [lons, lats] = ['lon', 'lat'].map((axis) => keys.map((key) => this.#cases.get(key)[axis]));
    const corners = [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
    this.map.filterChosen('box', boxWord(corners));
  }

  /** The cases that wait in a rectangle of the map, as they can be dispatched together. */
  selectIn(bounds) {
    const inside = ({ lon, lat }) => bounds.contains(this.map.leaflet.latLngToContainerPoint([lat, lon]));
    return this.#pickable([...this.#cases.keys()].filter((key) => inside(this.#cases.get(key))));
  }

  /** Where a marker of a case stands, or the cluster that holds it: CSS pixels of the map. */
  markerPixel(caseNo) {
    const holds = ({ key, sum }) => key === caseNo || sum?.keys.includes(caseNo);
    const spot = this.#spots.find(({ key }) => key === caseNo) || this.#spots.find(holds);
    return spot ? this.map.toPoint(spot, this.map.frame('marks')) : null;
  }

  async #readAgain() {
    const { area } = this.map;
    const take = await this.load(area).catch(() => null);
    if (take && area === this.map.area) {
      take();
      this.map.countsChanged();
    }
  }

  #stale() {
    this.#clusters = null;
    this.map.repaint('marks');
  }

  get #index() {
    if (!this.#clusters) {
      const chosen = this.map.selection.case;
      const shown = [...this.#cases].filter(([key]) => key !== chosen);
      const now = store.now();
      const points = shown.map(([key, one]) => ({ ...one, key, late: one.due !== null && one.due < now }));
      this.#clusters = new CaseClusters(points, CLUSTER_PX * this.map.unit);
    }
    return this.#clusters;
  }

  /** The spots of this moment, in device pixels: the chosen case stands alone. */
  #lay(frame) {
    const { case: chosen } = this.map.selection;
    const one = this.#cases.get(chosen);
    const alone = one ? [{ key: chosen, lon: one.lon, lat: one.lat }] : [];
    const spots = [...this.#index.at(frame.zoom), ...alone].map((spot) => {
      const [x, y] = frame.at(spot.lon, spot.lat);
      return { ...spot, x, y };
    });
    const sumOf = (keys) => this.#index.sumOf(keys);
    return this.#index.spreadsAt(frame.zoom) ? spreadApart(spots, frame.scale, sumOf) : spots;
  }

  #pxOf({ sum, key }, frame) {
    if (sum) {
      return clusterPx(sum.n);
    }
    const small = frame.zoom < SMALL_ZOOM && this.#cases.size > FEW && key !== this.map.selection.case;
    return small ? SMALL_PX : MARK_PX;
  }

  #lookOf({ kind, severity, waiting, due, since }) {
    const now = store.now();
    const whole = due === null ? 1 : Math.max(1, due - Math.min(since || due, due - 1));
    const left = due === null ? null : Math.max(0, (due - now) / whole);
    return { kind, severity, waiting, overdue: due !== null && due < now, left };
  }

  #changed({ case_no: no, marker, path, act }) {
    if (!no || !this.map.scene) {
      this.map.renew();
      return;
    }
    if (Object.keys(this.map.filter).length) {
      // only the server knows which cases a filter means
      this.#again();
      return;
    }
    const known = this.#cases.get(no);
    if (known && marker && (marker.version || 0) < known.version) {
      return;
    }
    const inside = !path || path.split('/').includes(this.map.scene.code);
    const gone = !marker || !inside || (marker.lon ?? null) === null;
    if (gone && !this.#cases.delete(no)) {
      return;
    }
    if (!gone) {
      this.#cases.set(no, entryOf(no, marker));
      if (act === 'report' && !isCalm()) {
        this.#ripple = { lon: marker.lon, lat: marker.lat, from: performance.now() };
      }
    }
    this.#stale();
    this.map.countsChanged();
  }

  /** A case that has just come: one quiet ring that widens and goes. */
  #drawRipple(pen, frame) {
    const share = this.#ripple ? (performance.now() - this.#ripple.from) / RIPPLE_MS : 1;
    if (share < 1) {
      const [x, y] = frame.at(this.#ripple.lon, this.#ripple.lat);
      drawRipple(pen, { x, y, share, scale: frame.scale, colour: this.style.accent });
      this.map.repaint('marks');
    } else {
      this.#ripple = null;
    }
  }

  /** Only cases that wait can be dispatched together: others are not chosen. */
  #pickable(keys) {
    const fits = (one) => one?.no && one.waiting;
    return keys.filter((key) => fits(this.#cases.get(key)));
  }

  /** Those that are chosen already, all of them, are given back. */
  #pick(keys) {
    const waiting = this.#pickable(keys);
    const { cases: before } = this.map.selection;
    const all = waiting.length && waiting.every((key) => before.includes(key));
    this.map.casesPicked(all ? before.filter((key) => !waiting.includes(key)) : [...before, ...waiting]);
  }

  /** An opened case that stands outside the view comes into it; nothing else moves the map. */
  #bringIntoView() {
    const one = this.#cases.get(this.map.selection.case);
    if (one) {
      this.map.view.bringIntoView([one.lat, one.lon]);
    }
  }
}

function caseTooltip({ no, kind, severity, status, due }) {
  const head = make('div', 'tag-head');
  head.append(make('strong', '', text(`kind.${kind}`)), make('span', 'quiet', text(`severity.${severity}`)));
  const left = timeLeft(due);
  return [
    head,
    make('div', 'tag-line', text(`status.${status}`)),
    ...(due ? [make('div', left.overdue ? 'tag-line tier-text-key' : 'tag-line', left.text)] : []),
    ...(no ? [make('div', 'tag-line quiet', no)] : []),
  ];
}

function clusterTooltip(sum) {
  const head = make('div', 'tag-head');
  head.append(make('strong', '', text('js.map.cluster', { n: sum.n })));
  const parts = SEVERITIES.filter((name) => sum[name]).map((name) => `${text(`severity.${name}`)} ${sum[name]}`);
  const waiting = sum.waiting ? [make('div', 'tag-line', text('js.map.cluster-waiting', { n: sum.waiting }))] : [];
  return [head, make('div', 'tag-line', parts.join(' · ')), ...waiting];
}
