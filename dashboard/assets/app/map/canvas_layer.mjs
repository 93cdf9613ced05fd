/* A canvas over the whole view that follows pans and zooms, sharp on every screen, drawn at most once a frame. */
import { project } from './tile_math.mjs';

/** How far beyond the view it reaches, as a share of it; what is dragged farther is drawn on the way. */
export const CANVAS_PADDING = 0.1;
const MOST_RATIO = 3;

/** The share of the canvas that lies beyond each edge of the view. */
const EDGE = CANVAS_PADDING / (1 + 2 * CANVAS_PADDING);

/** What a painter needs: device pixels a CSS pixel, the view, and where a place of the earth stands on the canvas. */
function frameOf({ ratio, zoom, origin, unit, width, height }) {
  return {
    ratio,
    zoom,
    origin,
    unit,
    scale: unit * ratio,
    width,
    height,
    bounds: { min: origin, max: { x: origin.x + width / ratio, y: origin.y + height / ratio } },
    at(lon, lat) {
      const [x, y] = project(lon, lat, zoom);
      return [(x - origin.x) * ratio, (y - origin.y) * ratio];
    },
    // what is seen of it before somebody drags
    seen: { left: width * EDGE, right: width * (1 - EDGE) },
    contains: (x, y) => x >= 0 && y >= 0 && x <= width && y <= height,
  };
}

/** `paint(pen, frame)` draws; `unit()` is what a pixel of an ordinary screen becomes. */
export function createCanvasLayer({ pane, paint, unit }) {
  return new (canvasLayerClass())({ pane, padding: CANVAS_PADDING, paint, unit });
}

let CanvasLayer = null;

/** Leaflet is there when the first map is. The names with an underscore are those that an L.Renderer is extended by. */
function canvasLayerClass() {
  const { L } = window;
  CanvasLayer ??= L.Renderer.extend({
    getEvents() {
      return { ...L.Renderer.prototype.getEvents.call(this), resize: this.repaint, move: this._moved };
    },

    _moved() {
      const { min, max } = this._map.getPixelBounds();
      const origin = this._map.getPixelOrigin();
      // while two fingers zoom, the picture is stretched
      const isZooming = this._zoom !== this._map.getZoom();
      if (this._bounds && !isZooming && !this._bounds.contains([min.subtract(origin), max.subtract(origin)])) {
        this._update();
      }
    },

    _initContainer() {
      this._container = document.createElement('canvas');
      this._container.className = 'map-canvas';
      this._pen = this._container.getContext('2d');
    },

    _destroyContainer() {
      L.Util.cancelAnimFrame(this._waiting);
      this._container.remove();
    },

    _update() {
      if (this._map._animatingZoom && this._bounds) {
        return;
      }
      L.Renderer.prototype._update.call(this);
      this._place();
      // a new view is told of twice: as reset, and as the end of the move
      if (this._waiting || this._picture !== this._pictureNow()) {
        this.paintNow();
      }
    },

    _pictureNow() {
      const { x, y } = this._map.getPixelOrigin().add(this._bounds.min);
      return [x, y, this._map.getZoom(), this._container.width, this._container.height, this._ratio].join();
    },

    _place() {
      const size = this._bounds.getSize();
      this._ratio = Math.min(window.devicePixelRatio || 1, MOST_RATIO);
      L.DomUtil.setPosition(this._container, this._bounds.min);
      const [width, height] = [Math.round(size.x * this._ratio), Math.round(size.y * this._ratio)];
      if (this._container.width !== width || this._container.height !== height) {
        Object.assign(this._container, { width, height });
        Object.assign(this._container.style, { width: `${size.x}px`, height: `${size.y}px` });
      }
    },

    frame() {
      const origin = this._map.getPixelOrigin().add(this._bounds.min);
      const { width, height } = this._container;
      return frameOf({
        ratio: this._ratio,
        zoom: this._map.getZoom(),
        origin,
        unit: this.options.unit(),
        width,
        height,
      });
    },

    paintNow() {
      L.Util.cancelAnimFrame(this._waiting);
      this._waiting = null;
      if (this._map && this._bounds) {
        this._picture = this._pictureNow();
        this._pen.setTransform(1, 0, 0, 1, 0, 0);
        this._pen.clearRect(0, 0, this._container.width, this._container.height);
        this.options.paint(this._pen, this.frame());
      }
    },

    /** Draws with the next frame of the screen. */
    repaint() {
      if (this._map && !this._waiting) {
        this._waiting = L.Util.requestAnimFrame(() => {
          this._waiting = null;
          if (this._map && !this._map._animatingZoom) {
            this.paintNow();
          }
        });
      }
      return this;
    },
  });
  return CanvasLayer;
}
