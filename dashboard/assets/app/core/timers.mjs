/* Time: pauses, work put off until it is quiet, work that comes again and again until it is ended. */

export const pause = (ms) =>
  new Promise((done) => {
    setTimeout(done, ms);
  });

/** Runs `work` once the calls have stopped for `wait` ms, with the values of the last one. */
export function debounced(wait, work) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...values), wait);
  };
}

export function every(ms, work, signal) {
  const timer = setInterval(work, ms);
  signal?.addEventListener('abort', () => clearInterval(timer), { once: true });
}
