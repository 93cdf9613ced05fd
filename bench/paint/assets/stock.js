/* The stock side: the same colours by tier through dl.GeoJSON's style function, and a note of every drawing of
   Leaflet's canvas. */
(function () {
  'use strict';
  const COLOURS = { k: '#E5383B', w: '#FFC93C', n: '#2A9D8F' };
  const OPACITY = { k: 0.55, w: 0.4, n: 0.12 };
  const bench = window.bench = { redraws: [] };

  bench.style = function style(feature, context) {
    const { tiers, turn } = context.hideout;
    const tier = tiers ? tiers[feature.properties.code] : feature.properties.tier;
    return {
      color: 'rgba(160, 186, 226, .3)', weight: 0.75, fillColor: COLOURS[tier], fillOpacity: OPACITY[tier], turn,
    };
  };

  const redraw = window.L.Canvas.prototype._redraw;
  window.L.Canvas.include({
    _redraw() {
      redraw.call(this);
      const layers = Object.values(this._layers);
      // Reading a pixel makes the browser finish what it has only noted down.
      this._ctx.getImageData(0, 0, 1, 1);
      const last = layers[layers.length - 1];
      bench.redraws.push({ at: window.performance.now(), n: layers.length, turn: last ? last.options.turn : null });
    },
  });

  bench.drawn = function drawn({ n, turn, since }) {
    const found = bench.redraws.find((one) => one.at >= since && one.n >= n && one.turn === turn);
    return found ? found.at : null;
  };
}());
