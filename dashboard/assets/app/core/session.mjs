/* The session: what /api/client tells once (words, colours, layers, levels, the token), taken into the store. */
import { fetchJson, useToken } from './http.mjs';
import { store } from './store.mjs';
import { pause } from './timers.mjs';
import { useTexts } from './words.mjs';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8000;

async function readConfig() {
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
    try {
      return await fetchJson('/api/client');
    } catch (failure) {
      if (failure.status && failure.status < 500) {
        throw failure;
      }
      await pause(wait);
    }
  }
}

function take(config) {
  useTexts(config.texts, config.locale);
  document.documentElement.lang = config.locale.replace('_', '-');
  store.set({ config, zone: config.timezone, clockOffset: config.now ? Date.parse(config.now) - Date.now() : 0 });
  return config;
}

/** Resolves with the configuration; without a session it is refused, and the page itself leads to the login. */
export const session = readConfig().then(take);
const token = session.then((config) => config.csrf_token);
const user = session.then((config) => config.user.name);
[token, user].forEach((promise) => promise.catch(() => {}));
useToken(token, user);
