/* The wall: letters by distance and pitch, figures by the stream, a small shift against burn-in, a nightly reload. */
import { gridboard } from '../core/gridboard.mjs';

const { debounced } = gridboard.ui;
const ARC_MINUTES = 25;
const SHIFT_MS = 180000;
const RELOAD_HOUR = 4;
let area = '';

const wall = () => document.querySelector('.wall');

/** Height of letters in px: distance x tan(angle) / pitch; the screen's own size when no distance is given. */
function letters() {
  const asked = new URLSearchParams(window.location.search);
  const metres = Number(asked.get('distance'));
  const pitch = Number(asked.get('pitch')) || 0.63;
  const byHeight = window.innerHeight / 27;
  const size = metres > 0 ? (metres * 1000 * Math.tan(((ARC_MINUTES / 60) * Math.PI) / 180)) / pitch : byHeight;
  wall().style.setProperty('--wall-text', `${Math.min(size, window.innerHeight / 14).toFixed(1)}px`);
}

function put(name, n) {
  const element = document.getElementById(`wall-${name.replace(/_/g, '-')}`);
  if (!element || typeof n !== 'number') {
    return;
  }
  element.textContent = new Intl.NumberFormat(document.documentElement.lang).format(n);
  element.toggleAttribute('data-zero', n === 0);
}

function figures(counts) {
  Object.entries(counts).forEach(([name, n]) => put(name, n));
  Object.entries(counts.tiers || {}).forEach(([name, n]) => put(`tier-${name}`, n));
}

const read = debounced(300, async () => {
  try {
    figures(await gridboard.fetchJson(`/api/areas/${encodeURIComponent(area)}/summary`));
  } catch (_failure) {
    /* the banner tells */
  }
});

function shift() {
  const by = () => `${Math.round((Math.random() - 0.5) * 6)}px`;
  wall().style.transform = `translate(${by()}, ${by()})`;
}

async function title() {
  const facts = await gridboard.fetchJson(`/api/areas/${encodeURIComponent(area)}`);
  document.getElementById('area-title').textContent = facts.name;
}

async function start() {
  const config = await gridboard.boot;
  area = new URLSearchParams(window.location.search).get('area') || config.user.area || config.root;
  letters();
  window.addEventListener('resize', letters);
  await title();
  gridboard.on('areas-changed', () => {
    title().catch(() => {
      /* the next change asks again */
    });
  });
  read();
  window.setInterval(shift, SHIFT_MS);
  window.setInterval(() => {
    if (new Date().getHours() === RELOAD_HOUR && performance.now() > 7200000) {
      window.location.reload();
    }
  }, 600000);
  gridboard.on('case', (change) => {
    if (change.counts?.[area]) {
      figures(change.counts[area]);
    } else {
      read();
    }
  });
  gridboard.on('tier', read);
  gridboard.on('snapshot', read);
}

const watch = new MutationObserver(() => {
  if (wall()) {
    watch.disconnect();
    start();
  }
});
watch.observe(document.documentElement, { childList: true, subtree: true });
