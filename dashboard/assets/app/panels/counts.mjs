/* Counts follow the stream: figures are exchanged in place, rows keep their order and their focus. */
import { gridboard } from '../core/gridboard.mjs';

const { debounced } = gridboard.ui;
const SHORTEST_MS = 5000;
const LONGEST_MS = 3600000;

const number = (n) => new Intl.NumberFormat(document.documentElement.lang).format(n);
const here = () => (gridboard.scene ? gridboard.scene.area : gridboard.area);
const rowOf = (code) => document.querySelector(`#area-list [data-code="${CSS.escape(code)}"]`);

function exchange(element, words) {
  if (!element || element.textContent === words) {
    return;
  }
  element.textContent = words;
  element.classList.remove('changed');
  void element.offsetWidth;
  element.classList.add('changed');
}

function figures(counts) {
  Object.entries(counts).forEach(([name, n]) => {
    if (typeof n !== 'number') {
      return;
    }
    document
      .querySelectorAll(`.doors [data-count="${name}"], .area-unlocated [data-count="${name}"]`)
      .forEach((element) => {
        exchange(element, number(n));
        const elsewhere = element.closest('.area-unlocated');
        if (elsewhere) {
          elsewhere.hidden = n === 0;
        }
        const door = element.closest('.door-overdue');
        if (door) {
          door.classList.toggle('door-alarm', n > 0);
        }
      });
  });
}

function row(code, counts) {
  const found = rowOf(code);
  if (found) {
    exchange(
      found.querySelector('.area-count'),
      gridboard.text('js.figures', { open: number(counts.open), waiting: number(counts.waiting) }),
    );
  }
}

function tier(code, name) {
  const found = rowOf(code);
  if (!found) {
    return;
  }
  found.dataset.tier = name || '';
  const mark = found.querySelector('.tier-mark');
  mark.className = `tier-mark tier-${name || 'none'}`;
  mark.textContent = name ? gridboard.text(`tier.mark.${name}`) : '';
}

const charts = debounced(4000, () => window.dash_clientside.set_props('scene-refresh', { data: Date.now() }));

gridboard.on('case', (change) => {
  const told = Object.entries(change.counts || {});
  told.forEach(([code, counts]) => {
    if (code === here()) {
      figures(counts);
    } else {
      row(code, counts);
    }
  });
  if (!told.length) {
    again();
  }
  if (gridboard.scene) {
    charts();
  }
});
gridboard.on('tier', ({ code, tier: name }) => tier(code, name));

async function summary() {
  const area = here();
  if (!area || !document.querySelector('.doors')) {
    return;
  }
  const now = await gridboard.fetchJson(`/api/areas/${encodeURIComponent(area)}/summary`);
  if (area !== here()) {
    return;
  }
  figures(now);
  clock(now.next_due_at);
}

async function children() {
  const area = here();
  if (!area || !document.getElementById('area-list')) {
    return;
  }
  const answer = await gridboard.fetchJson(`/api/areas/${encodeURIComponent(area)}/children`);
  if (area !== here()) {
    return;
  }
  answer.items.forEach((child) => {
    row(child.code, child);
    tier(child.code, child.tier);
  });
}

const quietly = (work) =>
  work().catch(() => {
    /* the next event or the live status tells */
  });

// Who sees only some of the cases is told that something happened, not how many there are.
const again = debounced(400, () => {
  quietly(summary);
  quietly(children);
});

// After a gap in the stream everything is read again, in place.
gridboard.on('snapshot', () => {
  quietly(summary);
  quietly(children);
  if (gridboard.scene) {
    charts();
  }
});

// A clock runs out without any event: the counts are read again at that moment.
let timer = 0;
function clock(dueAt) {
  window.clearTimeout(timer);
  if (!dueAt) {
    return;
  }
  const left = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, Date.parse(dueAt) - gridboard.now() + 500));
  timer = window.setTimeout(() => {
    quietly(summary);
    gridboard.lists.renewAll();
  }, left);
}
gridboard.on('scene', (scene) => clock(scene.next_due_at));

gridboard.on('live', ({ state, since }) => {
  const banner = document.getElementById('stale-banner');
  if (!banner) {
    return;
  }
  banner.hidden = state !== 'stale';
  if (state === 'stale' && !banner.textContent) {
    const at = new Intl.DateTimeFormat(document.documentElement.lang, {
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZone: gridboard.zone,
    });
    banner.textContent = gridboard.text('js.stale', { at: at.format(since ? new Date(since) : gridboard.now()) });
  }
  if (state !== 'stale') {
    banner.textContent = '';
  }
});

// The clock of the server, not of this screen: ages and times left are counted from it.
let offset = 0;
gridboard.now = () => Date.now() + offset;
gridboard.boot.then((config) => {
  gridboard.zone = config.timezone;
  if (config.now) {
    offset = Date.parse(config.now) - Date.now();
  }
  document.documentElement.lang = config.locale.replace('_', '-');
});
