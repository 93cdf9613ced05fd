/* Says across the page that what it shows is old, and since when. */
import { timeToSecond } from '../core/format.mjs';
import { store } from '../core/store.mjs';
import { text } from '../core/words.mjs';

/** Takes what the bus tells as `live`. */
export function showStale({ state, since }) {
  const banner = document.getElementById('stale-banner');
  if (!banner) {
    return;
  }
  const stale = state === 'stale';
  banner.hidden = !stale;
  if (!stale || !banner.textContent) {
    banner.textContent = stale ? text('js.stale', { at: timeToSecond(since || store.now()) }) : '';
  }
}
