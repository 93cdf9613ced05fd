/* A canvas over the whole view that follows pans and zooms of the map, sharp on every screen, drawn at most once a frame. */
import { gridboard } from '../core/gridboard.mjs';

const L = window.L;
const SHEET_PADDING = 0.2;

const Sheet = L.Renderer.extend({
  options: { padding: SHEET_PADDING, paint: null },

  getEvents() {
    const events = L.Renderer.prototype.getEvents.call(this);
    events.resize = this.repaint;
    return events;
  },
  _initContainer() {
    const canvas = (this._container = document.createElement('canvas'));
    canvas.className = 'map-sheet';
    this._pen = canvas.getContext('2d');
  },
  _destroyContainer() {
    L.Util.cancelAnimFrame(this._frame);
    L.DomUtil.remove(this._container);
  },
  _update() {
    if (this._map._animatingZoom && this._bounds) {
      return;
    }
    L.Renderer.prototype._update.call(this);
    this._place();
    this._paint();
  },
  _place() {
    const size = this._bounds.getSize();
    const ratio = (this.ratio = Math.min(window.devicePixelRatio || 1, 3));
    L.DomUtil.setPosition(this._container, this._bounds.min);
    const [width, height] = [Math.round(size.x * ratio), Math.round(size.y * ratio)];
    if (this._container.width !== width || this._container.height !== height) {
      this._container.width = width;
      this._container.height = height;
      this._container.style.width = `${size.x}px`;
      this._container.style.height = `${size.y}px`;
    }
  },
  _paint() {
    L.Util.cancelAnimFrame(this._frame);
    this._frame = null;
    if (!this._map || !this._bounds) {
      return;
    }
    const pen = this._pen;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this._container.width, this._container.height);
    this.options.paint(pen, this.frame());
  },
  /** What a painter needs: device pixels a CSS pixel, the view, and where a place of the earth stands on the canvas. */
  frame() {
    const leaflet = this._map;
    const ratio = this.ratio;
    const origin = leaflet.getPixelOrigin().add(this._bounds.min);
    const zoom = leaflet.getZoom();
    return {
      ratio,
      zoom,
      origin,
      scale: gridboard.map.unit() * ratio,
      unit: gridboard.map.unit(),
      width: this._container.width,
      height: this._container.height,
      at(lon, lat) {
        const p = leaflet.project([lat, lon], zoom);
        return [(p.x - origin.x) * ratio, (p.y - origin.y) * ratio];
      },
    };
  },
  repaint() {
    if (!this._map || this._frame) {
      return this;
    }
    this._frame = L.Util.requestAnimFrame(() => {
      this._frame = null;
      if (this._map && !this._map._animatingZoom) {
        this._paint();
      }
    });
    return this;
  },
});

gridboard.map.SHEET_PADDING = SHEET_PADDING;
gridboard.map.sheet = (pane, paint) => new Sheet({ pane, paint });
