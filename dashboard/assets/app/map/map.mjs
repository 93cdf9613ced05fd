/* The map of the page: one stage at a time, made when Leaflet makes the map `map`, given up with it.

 Layers register themselves: gridboard.map.layer(id, make); make(stage) answers
 {draw, load(area), hit(point), clear, counts, ...}, all of them optional. */
import { gridboard } from '../core/gridboard.mjs';

const makers = new Map();
const map = (gridboard.map = { makers, stage: null, layer: (id, make) => makers.set(id, make) });

function adopt() {
  if (this.getContainer().id !== 'map') {
    return;
  }
  if (map.stage) {
    map.stage.end();
  }
  map.stage = map.makeStage(this);
  this.on('unload', () => {
    if (map.stage && map.stage.leaflet === this) {
      map.stage.end();
      map.stage = null;
    }
  });
}

/** `ready` is a promise that is renewed with each area; this one is the one that waits now. */
map.renewReady = function renewReady() {
  const before = map.settleReady;
  gridboard.ready = new Promise((done) => {
    map.settleReady = done;
  });
  if (before) {
    gridboard.ready.then(before);
  }
};

/** What a pixel of an ordinary screen becomes: more on large screens, and on a wall as its letters do. */
map.unit = function unit() {
  const wall = document.querySelector('.wall');
  return wall ? parseFloat(window.getComputedStyle(wall).fontSize) / 22 : gridboard.ui.scale();
};

map.renewReady();
if (window.L) {
  window.L.Map.addInitHook(adopt);
}
