/* Open cases of the area: read once, then kept by the stream; clustered, drawn, found under the pointer. */
import Supercluster from 'supercluster';

import { gridboard } from '../../core/gridboard.mjs';

const map = gridboard.map;
const WAITING = 'waiting';
const GONE = new Set(['archived', 'rejected', 'merged']);
const HIT_PX = 24;
const TOP_ZOOM = 16;
const CLUSTER_PX = 54;
const FEW = 12;

function make(stage) {
  let cases = new Map();
  let index = null;
  let spots = [];
  let area = null;
  let pulse = 0;

  const now = () => (gridboard.now ? gridboard.now() : Date.now()) / 1000;
  const seconds = (value) => (typeof value === 'string' ? Date.parse(value) / 1000 : value);
  const switchedOff = (name) => stage.hidden.has(`cases:${name}`);

  function entry(no, row) {
    return {
      no,
      lon: row.lon,
      lat: row.lat,
      kind: row.kind,
      severity: row.severity,
      status: row.status,
      version: row.version || 0,
      due: seconds(row.due_at) || null,
      since: seconds(row.reported_at),
    };
  }

  /** Reads, and answers with what puts the result in place: the page changes its area all at once. */
  async function load(code, signal) {
    let items = null;
    try {
      items = (await gridboard.fetchJson(`/api/markers?area=${encodeURIComponent(code)}`, { signal })).items;
    } catch (failure) {
      if (failure.name === 'AbortError' || !failure.status || failure.status >= 500) {
        throw failure;
      }
    }
    return () => {
      area = code;
      cases = new Map();
      (items ? items.case_no : []).forEach((no, n) => {
        const row = Object.fromEntries(Object.entries(items).map(([name, values]) => [name, values[n]]));
        cases.set(no || `#${n}`, entry(no, row));
      });
      stale();
    };
  }

  function stale() {
    index = null;
    stage.repaint('marks');
  }

  const shown = (one) => !switchedOff(one.kind) && !switchedOff(one.severity);

  function clusters() {
    if (index) {
      return index;
    }
    index = new Supercluster({
      radius: CLUSTER_PX * gridboard.map.unit(),
      extent: 256,
      maxZoom: TOP_ZOOM,
      minPoints: 2,
      map: (one) => ({
        n: 1,
        grave: Number(one.severity === 'grave'),
        major: Number(one.severity === 'major'),
        minor: Number(one.severity === 'minor'),
        waiting: Number(one.status === WAITING),
        late: Number(one.due !== null && one.due < now()),
        keys: [one.key],
      }),
      reduce: (sum, one) => {
        ['n', 'grave', 'major', 'minor', 'waiting', 'late'].forEach((name) => {
          sum[name] += one[name];
        });
        sum.keys = sum.keys.concat(one.keys);
      },
    });
    const chosen = gridboard.state().case;
    const points = [];
    cases.forEach((one, key) => {
      if (shown(one) && key !== chosen) {
        points.push({
          type: 'Feature',
          geometry: { type: 'Point', coordinates: [one.lon, one.lat] },
          properties: { ...one, key },
        });
      }
    });
    index.load(points);
    index.total = points.length;
    return index;
  }

  function lay(frame) {
    const zoom = Math.round(frame.zoom);
    const found = clusters().getClusters([-180, -85, 180, 85], clusters().total <= FEW ? TOP_ZOOM + 1 : zoom);
    const laid = found.map((feature) => {
      const [x, y] = frame.at(...feature.geometry.coordinates);
      return feature.properties.cluster
        ? { x, y, sum: feature.properties, id: feature.id, at: feature.geometry.coordinates }
        : { x, y, key: feature.properties.key };
    });
    const chosen = gridboard.state().case;
    const one = chosen && cases.get(chosen);
    if (one && shown(one)) {
      const [x, y] = frame.at(one.lon, one.lat);
      laid.push({ x, y, key: chosen });
    }
    return spread(laid, frame);
  }

  /** Cases at one and the same point stand around it, so that each can be taken. */
  function spread(laid, frame) {
    const groups = new Map();
    laid
      .filter((spot) => spot.key)
      .forEach((spot) => {
        const place = `${Math.round(spot.x / (6 * frame.scale))}:${Math.round(spot.y / (6 * frame.scale))}`;
        groups.set(place, [...(groups.get(place) || []), spot]);
      });
    if (frame.zoom < TOP_ZOOM - 1 && clusters().total > FEW) {
      return laid;
    }
    groups.forEach((group) => {
      if (group.length < 2) {
        return;
      }
      const r = Math.max(15, group.length * 4.2) * frame.scale;
      group.forEach((spot, n) => {
        spot.x += r * Math.cos((n / group.length) * 2 * Math.PI);
        spot.y += r * Math.sin((n / group.length) * 2 * Math.PI);
      });
    });
    return laid;
  }

  function look(one) {
    const t = now();
    const overdue = one.due !== null && one.due < t;
    const whole = one.due !== null ? Math.max(1, one.due - Math.min(one.since || one.due, one.due - 1)) : 1;
    return {
      kind: one.kind,
      severity: one.severity,
      waiting: one.status === WAITING,
      overdue,
      left: one.due === null ? null : Math.max(0, (one.due - t) / whole),
    };
  }

  function marks(pen, frame) {
    const ink = stage.style('cases');
    const small = frame.zoom < 11 && cases.size > FEW;
    const chosen = gridboard.state().case;
    const selected = new Set(gridboard.selection());
    spots = lay(frame);
    const draw = (spot) => {
      if (spot.sum) {
        spot.r = clusterSize(spot.sum.n) / 2;
        map.drawCluster(pen, spot.sum, {
          ...spot,
          size: spot.r * 2 * frame.scale,
          ink,
          holds: false,
          marked: selected.size && spot.sum.keys.some((key) => selected.has(key)),
        });
      } else {
        spot.r = (small && spot.key !== chosen ? 14 : 22) / 2;
        map.drawMark(pen, look(cases.get(spot.key)), {
          ...spot,
          size: spot.r * 2 * frame.scale,
          ink,
          chosen: spot.key === chosen,
          marked: selected.has(spot.key),
        });
      }
    };
    spots.sort((a, b) => rank(a, chosen) - rank(b, chosen));
    spots.forEach(draw);
    if (pulse && now() < pulse.until) {
      ripple(pen, frame, ink);
    }
  }

  /** Where names must not stand. */
  function boxes(frame) {
    const small = frame.zoom < 11 && cases.size > FEW;
    return lay(frame).map((spot) => {
      const r = ((spot.sum ? clusterSize(spot.sum.n) : small ? 14 : 22) / 2 + 1) * frame.scale;
      return [spot.x - r, spot.y - r, spot.x + r, spot.y + r];
    });
  }

  const rank = (spot, chosen) => (spot.key === chosen ? 2 : spot.sum ? 1 : 0);
  const clusterSize = (n) => 28 + Math.min(16, Math.sqrt(n) * 2.2);

  /** A case that has just come: one quiet ring that widens and goes. */
  function ripple(pen, frame, ink) {
    const share = 1 - (pulse.until - now()) / pulse.length;
    const [x, y] = frame.at(pulse.lon, pulse.lat);
    pen.globalAlpha = 1 - share;
    pen.strokeStyle = ink.accent;
    pen.lineWidth = 2 * frame.scale;
    pen.beginPath();
    pen.arc(x, y, (12 + 26 * share) * frame.scale, 0, Math.PI * 2);
    pen.stroke();
    pen.globalAlpha = 1;
    stage.repaint('marks');
  }

  function heard({ case_no: no, marker, path, act }) {
    if (!stage.scene || !no) {
      if (stage.scene && !no) {
        stage.renew();
      }
      return;
    }
    const inside = !path || path.split('/').includes(area);
    const known = cases.get(no);
    if (known && marker && (marker.version || 0) < known.version) {
      return;
    }
    if (!marker || GONE.has(marker.status) || !inside || marker.lon === null || marker.lon === undefined) {
      if (!cases.delete(no)) {
        return;
      }
    } else {
      cases.set(no, entry(no, marker));
      if (act === 'report' && !window.matchMedia('(prefers-reduced-motion: reduce)').matches) {
        pulse = { lon: marker.lon, lat: marker.lat, until: now() + 0.9, length: 0.9 };
      }
    }
    stale();
    gridboard.emit('map-counts');
  }

  /** The marker or cluster under a point (CSS pixels of the map), nearest first. */
  function hit(point) {
    const frame = stage.frameOf('marks');
    let best = null;
    spots.forEach((spot) => {
      const at = stage.toPoint(spot, frame);
      const reach = Math.max(HIT_PX / 2, spot.r + 1) * gridboard.map.unit();
      const far = Math.hypot(at.x - point.x, at.y - point.y);
      if (far <= reach && (!best || far < best.far)) {
        best = { far, spot };
      }
    });
    return best?.spot;
  }

  function open(spot, together) {
    if (spot.sum) {
      if (together) {
        pick(spot.sum.keys);
        return;
      }
      const zoom = Math.min(TOP_ZOOM + 1, clusters().getClusterExpansionZoom(spot.id));
      stage.loosen();
      stage.leaflet.setView([spot.at[1], spot.at[0]], Math.max(zoom, stage.leaflet.getZoom() + 1), {
        animate: stage.moves(),
      });
      return;
    }
    if (!cases.get(spot.key).no) {
      return;
    }
    if (together) {
      pick([spot.key]);
    } else {
      gridboard.go({ case: spot.key });
    }
  }

  /** Only cases that wait can be dispatched together: others are not chosen. One that is chosen is given back. */
  function pick(keys) {
    const waiting = keys.filter((key) => cases.has(key) && cases.get(key).no && cases.get(key).status === WAITING);
    const before = gridboard.selection();
    const all = waiting.length && waiting.every((key) => before.includes(key));
    gridboard.select(all ? before.filter((key) => !waiting.includes(key)) : [...before, ...waiting]);
  }

  function inBox(from, to) {
    const bounds = window.L.bounds(from, to);
    const keys = [];
    cases.forEach((one, key) => {
      const at = stage.leaflet.latLngToContainerPoint([one.lat, one.lon]);
      if (shown(one) && bounds.contains(at)) {
        keys.push(key);
      }
    });
    const waiting = keys.filter((key) => cases.get(key).no && cases.get(key).status === WAITING);
    gridboard.select([...gridboard.selection(), ...waiting]);
  }

  /** An opened case that stands outside the view comes into it; nothing else moves the map. */
  function chosen(no) {
    stale();
    const one = cases.get(no);
    if (one && !stage.inHand() && !stage.leaflet.getBounds().pad(-0.04).contains([one.lat, one.lon])) {
      stage.loosen();
      stage.leaflet.panTo([one.lat, one.lon], { animate: stage.moves() });
    }
  }

  function counts() {
    const found = {};
    cases.forEach((one) => {
      found[one.kind] = (found[one.kind] || 0) + 1;
      found[one.severity] = (found[one.severity] || 0) + 1;
    });
    return found;
  }

  function where(no) {
    const spot = spots.find((one) => one.key === no) || spots.find((one) => one.sum?.keys.includes(no));
    return spot ? stage.toPoint(spot, stage.frameOf('marks')) : null;
  }

  const hear = [
    gridboard.on('case', heard),
    gridboard.on('chosen', chosen),
    gridboard.on('selection', () => stage.repaint('marks')),
    gridboard.on('filter', stale),
  ];
  // The rings empty as time goes by.
  const tick = window.setInterval(stale, 30000);

  return {
    live: true,
    load,
    marks,
    boxes,
    hit,
    open,
    inBox,
    counts,
    where,
    size: () => cases.size,
    get: (key) => cases.get(key),
    look,
    end() {
      hear.forEach((end) => end());
      window.clearInterval(tick);
    },
  };
}

map.layer('cases', make);
