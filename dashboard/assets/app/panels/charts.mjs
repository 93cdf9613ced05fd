const LONGEST_WAIT_MS = 3000;
const clientside = (window.dash_clientside = window.dash_clientside || {});
let calm = null;

function mapPainted() {
  const longest = new Promise((done) => {
    window.setTimeout(done, LONGEST_WAIT_MS);
  });
  return Promise.race([Promise.resolve(window.gridboard.ready || longest), longest]);
}

async function held(charts) {
  if (!charts) {
    return window.dash_clientside.no_update;
  }
  calm = calm || mapPainted();
  await calm;
  return charts;
}

clientside.gridboard_page = Object.assign(clientside.gridboard_page || {}, { charts: held });

const { scale, debounced } = window.gridboard.ui;

const fit = debounced(100, () => {
  const size = scale();
  if (size === 1 || !window.Plotly) {
    return;
  }
  document.querySelectorAll('.js-plotly-plot').forEach((plot) => {
    if (!plot.layout || plot.layout.font.size > 11) {
      return;
    }
    const m = plot.layout.margin;
    window.Plotly.relayout(plot, {
      'font.size': 11 * size,
      margin: { l: m.l * size, r: m.r * size, t: m.t * size, b: m.b * size },
    });
  });
});

new MutationObserver(fit).observe(document.documentElement, { childList: true, subtree: true });
