/* The stage: one Leaflet map with its sheets, the present scene, the layers that draw on it, and what is switched off. */
import { gridboard } from '../core/gridboard.mjs';

const map = gridboard.map;
const BURST_MS = 300;

function makeStage(leaflet) {
  const stage = {
    leaflet,
    config: null,
    scene: null,
    areas: map.makeAreas(),
    layers: new Map(),
    hidden: new Set(),
    off: new Set(),
    hovered: null,
    boxes: [],
    ahead: [],
    style: (id) => stage.layers.get(id).spec.style[gridboard.theme()],
  };
  const sheets = {};
  let stop = null;
  let wanted = null;
  let settled = false;
  let later = 0;
  /** Tiles come in bursts: a picture now and then while they do, the whole one as soon as the last is there. */
  stage.tiles = map.makeTiles(() => {
    if (!stage.tiles.pending()) {
      window.clearTimeout(later);
      later = 0;
      repaint('ground', 'hover');
      return;
    }
    later =
      later ||
      window.setTimeout(() => {
        later = 0;
        repaint('ground', 'hover');
      }, BURST_MS);
  });

  function repaint(...names) {
    (names.length ? names : Object.keys(sheets)).forEach((name) => sheets[name].repaint());
  }
  stage.repaint = repaint;

  function pane(name, order, painter) {
    leaflet.createPane(name).style.zIndex = order;
    leaflet.getPane(name).style.pointerEvents = 'none';
    sheets[name] = map.sheet(name, painter).addTo(leaflet);
  }

  stage.frameOf = (name) => sheets[name].frame();
  const unwatch = map.giveView(stage);
  const shown = (id) => !stage.off.has(id) && stage.layers.has(id);
  stage.shown = shown;
  stage.parts = (name) =>
    [...stage.layers.values()].filter((layer) => shown(layer.spec.id) && layer.part[name]).map((layer) => layer.part);

  function paintGround(pen, frame) {
    if (!stage.scene) {
      return;
    }
    const boundaries = stage.layers.get('boundaries').part;
    const complete = boundaries.want(frame);
    stage.boxes = stage.parts('boxes').flatMap((part) => part.boxes(frame));
    stage.childAt = (x, y) =>
      boundaries.childAt(
        leaflet.unproject([x / frame.ratio + frame.origin.x, y / frame.ratio + frame.origin.y], frame.zoom),
      );
    ['land', 'under', 'fill', 'over', 'names'].forEach((name) =>
      stage.parts(name).forEach((part) => {
        pen.save();
        part[name](pen, frame);
        pen.restore();
      }),
    );
    // Glyphs keep clear of the names that were just written.
    if (complete) {
      repaint('marks');
    }
    if (complete && !settled && stage.scene.code === wanted && !stage.moving()) {
      settled = true;
      window.requestAnimationFrame(arrived);
    }
  }

  function paintMarks(pen, frame) {
    if (!stage.scene) {
      return;
    }
    stage.parts('marks').forEach((part) => {
      pen.save();
      part.marks(pen, frame);
      pen.restore();
    });
  }

  function paintHover(pen, frame) {
    if (!stage.scene) {
      return;
    }
    stage.parts('hover').forEach((part) => {
      pen.save();
      part.hover(pen, frame);
      pen.restore();
    });
  }

  /** The markers were drawn in the frame before. */
  function arrived() {
    const { scene } = stage;
    if (stage.ended || scene.code !== wanted) {
      return;
    }
    stage.ahead = [];
    if (map.settleReady) {
      map.settleReady(scene.code);
      map.settleReady = null;
    }
    gridboard.emit('painted', { area: scene.code });
    map
      .readAround({ scene, areas: stage.areas, signal: stop.signal })
      .then(() => {
        stage.areas.turn += 1;
        repaint('ground');
      })
      .catch(() => {
        /* neighbours stay plain */
      });
  }

  async function show(code) {
    if (code === wanted) {
      return;
    }
    wanted = code;
    if (stop) {
      stop.abort();
    }
    const mine = (stop = new AbortController());
    map.renewReady();
    gridboard.area = code;
    try {
      const [scene, ...took] = await Promise.all([
        map.readScene({ code, config: stage.config, areas: stage.areas, signal: mine.signal, foresee: stage.foresee }),
        ...[...stage.layers.values()].map(({ part }) => (part.load ? part.load(code, mine.signal) : null)),
      ]);
      if (mine !== stop || mine.signal.aborted) {
        return;
      }
      took.forEach((take) => {
        if (take) {
          take();
        }
      });
      begin(scene);
    } catch (failure) {
      if (failure.name === 'AbortError' || mine !== stop) {
        return;
      }
      retry(code, failure, mine);
    }
  }

  function begin(scene) {
    const first = !stage.scene;
    settled = false;
    stage.scene = scene;
    stage.hovered = null;
    stage.areas.turn = (stage.areas.turn || 0) + 1;
    if (!gridboard.seq) {
      gridboard.seq = scene.seq;
    }
    leaflet.invalidateSize({ animate: false });
    map.writeLegend(stage);
    stage.foresee(scene.facts, (zoom) => [stage.fillRung(scene, zoom), scene.child, scene.own]);
    stage.fit(!first);
    gridboard.emit('map-scene', { area: scene.code });
    repaint();
  }

  function retry(code, failure, mine) {
    if (failure.status && failure.status < 500) {
      if (map.settleReady) {
        map.settleReady(null);
        map.settleReady = null;
      }
      return;
    }
    window.setTimeout(() => {
      if (mine === stop) {
        wanted = null;
        show(code);
      }
    }, 3000);
  }

  /** The same area read again, in place: nothing moves. */
  stage.renew = gridboard.ui.debounced(500, async () => {
    const { scene } = stage;
    if (!scene) {
      return;
    }
    try {
      const fresh = await Promise.all([
        map.readScene({ code: scene.code, config: stage.config, areas: stage.areas, signal: stop.signal }),
        ...[...stage.layers.values()].map(({ part }) =>
          part.load && part.live ? part.load(scene.code, stop.signal) : null,
        ),
      ]);
      if (stage.scene !== scene) {
        return;
      }
      fresh.slice(1).forEach((take) => {
        if (take) {
          take();
        }
      });
      stage.scene = fresh[0];
      stage.areas.turn += 1;
      repaint();
      gridboard.emit('map-counts');
    } catch (_failure) {
      /* the next snapshot tries again */
    }
  });

  /** One leaf changes at once; the levels above, which follow from many leaves, are asked for a little later. */
  function recolour(code, tier) {
    if (!stage.scene || !stage.areas.get(code)) {
      return;
    }
    stage.areas.put(code, { tier });
    stage.areas.turn += 1;
    repaint('ground');
    gridboard.emit('map-counts');
    renewUpper();
  }

  const renewUpper = gridboard.ui.debounced(2000, async () => {
    const { scene } = stage;
    if (!scene || scene.leaf || stage.ended) {
      return;
    }
    try {
      await Promise.all(scene.rungs.slice(0, -1).map((rung) => stage.areas.rung(scene.code, rung.level, stop.signal)));
      stage.areas.turn += 1;
      repaint('ground');
    } catch (_failure) {
      /* the next change asks again */
    }
  });

  const hear = [
    gridboard.on('area', ({ code }) => {
      if (stage.config) {
        show(code || stage.config.root);
      }
    }),
    gridboard.on('snapshot', () => stage.renew()),
    gridboard.on('tier', ({ code, tier }) => recolour(code, tier)),
    gridboard.on('case', ({ counts }) => {
      Object.entries(counts || {}).forEach(([code, { open, waiting }]) => {
        if (stage.areas.get(code)) {
          stage.areas.put(code, { open, waiting });
        }
      });
    }),
  ];
  const themed = () => {
    stage.areas.turn += 1;
    stage.parts('retheme').forEach((part) => part.retheme());
    repaint();
    gridboard.emit('map-counts');
  };
  window.addEventListener('gridboard:theme', themed);
  stage.end = () => {
    window.clearTimeout(later);
    hear.forEach((end) => end());
    window.removeEventListener('gridboard:theme', themed);
    unwatch();
    if (stop) {
      stop.abort();
    }
    stage.tiles.end();
    stage.ended = true;
    [...stage.layers.values()].forEach(({ part }) => {
      if (part.end) {
        part.end();
      }
    });
  };

  gridboard.boot.then((config) => {
    if (stage.ended) {
      return;
    }
    stage.config = config;
    const asked = gridboard.state().layers;
    config.layers.forEach((spec) => {
      const make = map.makers.get(spec.id);
      if (!make) {
        return;
      }
      stage.layers.set(spec.id, { spec, part: {} });
      stage.layers.get(spec.id).part = make(stage, spec);
      if (asked ? !asked.includes(spec.id) : !spec.default_on) {
        stage.off.add(spec.id);
      }
    });
    pane('ground', 210, paintGround);
    pane('hover', 220, paintHover);
    pane('marks', 450, paintMarks);
    map.furnish(stage);
    show(gridboard.state().area || config.root);
  });
  return stage;
}

map.makeStage = makeStage;
