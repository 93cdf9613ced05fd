/* Plotly measures in pixels: on a wall its letters grow with the page. */
(function () {
  'use strict';
  const { scale, debounced } = window.gridboard.ui;

  const fit = debounced(100, () => {
    const size = scale();
    if (size === 1 || !window.Plotly) { return; }
    document.querySelectorAll('.js-plotly-plot').forEach((plot) => {
      if (!plot.layout || plot.layout.font.size > 11) { return; }
      const m = plot.layout.margin;
      window.Plotly.relayout(plot, { 'font.size': 11 * size, margin: { l: m.l * size, r: m.r * size, t: m.t * size, b: m.b * size } });
    });
  });

  new MutationObserver(fit).observe(document.documentElement, { childList: true, subtree: true });
}());
