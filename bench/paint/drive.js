/* Run in both pages by the benchmark: how long a frame takes while the map is dragged. */
() => {
  const times = [];
  let last = window.performance.now();
  const tick = (now) => {
    times.push(now - last);
    last = now;
    window.benchFrames = window.requestAnimationFrame(tick);
  };
  window.benchFrames = window.requestAnimationFrame(tick);
  window.benchEnd = () => { window.cancelAnimationFrame(window.benchFrames); return times.slice(1); };
}
