/* Boundaries that changed while the page is open: the stream tells their versions, the page takes the new ones in place.

 What is drawn stays until the new tiles are there. A tile that is gone (404) is asked about too: once, then rarely. */
import { gridboard } from '../core/gridboard.mjs';

const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 60000;
let asking = false;
let again = null;
let wait = FIRST_WAIT_MS;
let notBefore = 0;

function differs(told) {
  const { config } = gridboard;
  if (!config || !told?.levels) {
    return false;
  }
  const known = config.boundaries || { levels: {} };
  return (
    told.revision !== known.revision ||
    Object.keys({ ...told.levels, ...known.levels }).some((level) => told.levels[level] !== known.levels[level])
  );
}

/** Reads the levels again and lets everything that shows areas be read again: map, rail, counts, lists. */
async function take() {
  if (asking) {
    return false;
  }
  asking = true;
  try {
    const fresh = await gridboard.fetchJson('/api/client');
    if (!differs(fresh.boundaries)) {
      return false;
    }
    Object.assign(gridboard.config, {
      levels: fresh.levels,
      boundaries: fresh.boundaries,
      deployment: fresh.deployment,
    });
    redraw();
    return true;
  } catch (_failure) {
    return false;
  } finally {
    asking = false;
  }
}

function redraw() {
  gridboard.emit('areas-changed', {});
  if (document.querySelector('.work-map, .work-dispatch')) {
    window.dash_clientside.set_props('area-code', { data: gridboard.state().area });
  }
  gridboard.emit('snapshot', { seq: gridboard.seq });
  gridboard.emit('refresh', {});
}

/** The address that a tile had is none any more: ask for the versions, and not again for a while if they are the same. */
async function gone() {
  if (Date.now() < notBefore || again) {
    return;
  }
  notBefore = Date.now() + wait;
  if (await take()) {
    wait = FIRST_WAIT_MS;
    return;
  }
  wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  again = window.setTimeout(() => {
    again = null;
    take();
  }, wait);
}

gridboard.on('boundaries', (told) => {
  if (differs(told)) {
    take();
  }
});
gridboard.on('tile-gone', gone);
