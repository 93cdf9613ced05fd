/* Reloading a page nobody looks after: into the new one, never into the error page of a proxy or a browser, which
   would stay. */
import { pause } from './timers.mjs';

const ASK_MS = 3000;

async function isServed() {
  try {
    const answer = await window.fetch('/healthz', { cache: 'no-store' });
    return answer.ok && (await answer.json()).status === 'ok';
  } catch {
    return false;
  }
}

/** Now, if the server is there; whether it was. */
export async function reloadIfServed() {
  const served = await isServed();
  if (served) {
    window.location.reload();
  }
  return served;
}

/** As soon as the server is there. `go` leaves the page. */
export async function leaveWhenServed(go) {
  while (!(await isServed())) {
    await pause(ASK_MS);
  }
  go();
}
