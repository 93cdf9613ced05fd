/* Who looks at which case now: this page tells of itself, and hears of the colleagues, every few seconds. */
import { gridboard } from '../core/gridboard.mjs';

const EVERY_MS = 10000;
/** Two pages of one person are two. */
const tab = gridboard.ui.key();
let seen = new Map();
let turn = 0;

/** What is on the screen; a page that nobody sees looks at nothing. */
const shown = () => (document.hidden ? null : gridboard.state().case || null);

async function tell() {
  const { desk } = gridboard;
  if (!desk?.here()) {
    return;
  }
  const mine = (turn += 1);
  const { area } = desk.wanted();
  try {
    const answer = await gridboard.fetchJson('/api/presence', {
      method: 'POST',
      body: { tab, case: shown(), ...(area ? { area } : {}) },
    });
    if (mine !== turn) {
      return;
    }
    seen = new Map(answer.items.map((one) => [one.case_no, one.watching]));
    desk.watch(seen);
    gridboard.emit('presence');
  } catch (_failure) {
    /* the next turn tries again; the live status tells */
  }
}

/** Words that outlive the page: the answer is not waited for. */
function lastWord(path, method, body) {
  const { config } = gridboard;
  if (!config) {
    return;
  }
  window
    .fetch(path, {
      method,
      keepalive: true,
      credentials: 'same-origin',
      headers: { 'X-CSRF-Token': config.csrf_token, ...(body ? { 'Content-Type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    .catch(() => {
      /* gone */
    });
}

gridboard.on('chosen', tell);
gridboard.on('desk', tell);
document.addEventListener('visibilitychange', tell);
window.addEventListener('pagehide', () => {
  if (gridboard.desk?.here()) {
    lastWord('/api/presence', 'POST', { tab, case: null });
  }
});
window.setInterval(() => {
  if (!document.hidden) {
    tell();
  }
}, EVERY_MS);

gridboard.presence = { tab, tell, lastWord, of: (no) => (seen.get(no) || []).filter((one) => !one.you) };
