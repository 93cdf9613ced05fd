/* The view of the map: what fits, which zoom of tiles and which level it asks for, and whose choice it is. */
import { gridboard } from '../core/gridboard.mjs';

const map = gridboard.map;
const SMALLEST_PX = 12;
const EDGE_PX = 18;
const WHEEL_MS = 700;
const calm = window.matchMedia('(prefers-reduced-motion: reduce)');

/** Adds to the stage what has to do with the view; answers with what ends it. */
map.giveView = function giveView(stage) {
  const { leaflet } = stage;
  let fitted = false;
  if (calm.matches) {
    leaflet._zoomAnimated = false;
    leaflet.options.inertia = false;
  }
  stage.loosen = () => {
    fitted = false;
  };
  stage.moves = () => !calm.matches;
  stage.moving = () => Boolean(leaflet._animatingZoom || leaflet._panAnim?._inProgress);

  /** From device pixels of a sheet to CSS pixels of the map. */
  stage.toPoint = ({ x, y }, frame) =>
    leaflet.layerPointToContainerPoint(
      leaflet
        .getPixelOrigin()
        .multiplyBy(-1)
        .add(frame.origin)
        .add([x / frame.ratio, y / frame.ratio]),
    );

  /** Whole-number zoom whose tiles are drawn at a zoom: one further out, so that a quarter as many are asked for. */
  stage.tileZoom = (zoom = leaflet.getZoom()) => Math.max(0, Math.floor(zoom + 0.001) - 1);

  /** The deepest level whose polygons are, on average, large enough to be seen one by one. */
  stage.fillRung = (scene = stage.scene, zoom = leaflet.getZoom()) => {
    const [west, south, east, north] = scene.facts.bbox;
    const a = leaflet.project([north, west], zoom);
    const b = leaflet.project([south, east], zoom);
    const room = Math.abs((b.x - a.x) * (b.y - a.y)) * 0.6;
    let best = scene.child;
    scene.rungs.forEach((rung) => {
      if (Math.sqrt(room / rung.n) >= SMALLEST_PX) {
        best = rung;
      }
    });
    return best;
  };

  /** Keys of the tiles of a level over a piece of the world. */
  stage.cover = (bounds, { level, version }, zoom = leaflet.getZoom()) => {
    const z = stage.tileZoom(zoom);
    const size = 256 * 2 ** (zoom - z);
    const top = 2 ** z - 1;
    const clamp = (n) => Math.max(0, Math.min(top, n));
    const found = [];
    for (let y = clamp(Math.floor(bounds.min.y / size)); y <= clamp(Math.floor(bounds.max.y / size)); y += 1) {
      for (let x = clamp(Math.floor(bounds.min.x / size)); x <= clamp(Math.floor(bounds.max.x / size)); x += 1) {
        found.push({ z, x, y, level, key: stage.tiles.keyOf(level, version, z, x, y) });
      }
    }
    return found;
  };

  /** Bounds of an area and the room to leave around it. */
  function fitting([west, south, east, north]) {
    const edge = EDGE_PX * gridboard.map.unit();
    const legend = document.getElementById('legend');
    const beside =
      legend && !legend.hidden && leaflet.getSize().x > 900 * gridboard.map.unit() ? legend.offsetWidth : 0;
    return [
      [
        [south, west],
        [north, east],
      ],
      { paddingTopLeft: [edge + beside, edge], paddingBottomRight: [edge + (beside ? edge : 0), edge], maxZoom: 16 },
    ];
  }

  stage.fit = (animate) => {
    if (!stage.scene) {
      return;
    }
    const [bounds, room] = fitting(stage.scene.facts.bbox);
    leaflet.fitBounds(bounds, { animate: animate && !calm.matches, duration: 0.2, ...room });
    fitted = true;
  };

  /** Asks for the tiles of an area before the map has gone there; `choose` names the levels for the zoom to come. */
  stage.foresee = ({ bbox }, choose) => {
    const { center, zoom } = leaflet._getBoundsCenterZoom(...fitting(bbox));
    const half = leaflet.getSize().multiplyBy(0.5 + gridboard.map.SHEET_PADDING);
    const middle = leaflet.project(center, zoom);
    const bounds = { min: middle.subtract(half), max: middle.add(half) };
    stage.ahead = choose(zoom)
      .flatMap((rung) => stage.cover(bounds, rung, zoom))
      .map(({ key, level }) => [key, level]);
    stage.tiles.want(stage.ahead);
  };

  const room = new ResizeObserver(
    gridboard.ui.debounced(80, () => {
      leaflet.invalidateSize({ animate: false, pan: true });
      if (fitted) {
        stage.fit(false);
      }
      stage.repaint();
    }),
  );
  // A view that somebody has chosen is theirs: only one that fits the area is fitted again when the room changes.
  leaflet.on('dragstart', () => {
    fitted = false;
  });
  let wheeled = 0;
  let pressed = false;
  const release = () => {
    pressed = false;
  };
  leaflet.getContainer().addEventListener(
    'wheel',
    () => {
      wheeled = Date.now();
    },
    { passive: true },
  );
  leaflet.getContainer().addEventListener('pointerdown', () => {
    pressed = true;
  });
  ['pointerup', 'pointercancel'].forEach((kind) => window.addEventListener(kind, release));
  /** Somebody has the map in hand: then it does not move by itself. */
  stage.inHand = () => pressed || Date.now() - wheeled < WHEEL_MS;
  ['wheel', 'touchstart'].forEach((kind) =>
    leaflet.getContainer().addEventListener(
      kind,
      () => {
        fitted = false;
      },
      { passive: true },
    ),
  );
  room.observe(leaflet.getContainer());
  return () => {
    room.disconnect();
    ['pointerup', 'pointercancel'].forEach((kind) => window.removeEventListener(kind, release));
  };
};
