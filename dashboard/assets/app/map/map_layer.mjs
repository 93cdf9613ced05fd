/* What a layer of the map may do; docs/adding-a-layer.md is its story. A layer is this class extended, in
   `layers/ID.mjs`, as the default export; its words, colours and legend are in Python (layers/ID.py) and arrive as
   `spec`.

   Optional, called where a layer has them: drawLand, drawUnder, drawFill, drawOver, drawNames, drawHover, drawMarks
   (pen, frame); boxes(frame); hit(point); tooltip(target); click(target, event); selectIn(bounds); counts();
   entries(); filterOf(entry); filterChanged(); retheme(); narrow(holds); markerPixel(caseNo). */
import { text } from '../core/words.mjs';

/** What the reader's system asks for. */
export const wantsContrast = window.matchMedia('(prefers-contrast: more)');

export class MapLayer {
  constructor(map, spec) {
    this.map = map;
    this.spec = spec;
  }

  /** Begins to listen, until the signal aborts. */
  connect(_signal) {}

  /** Reads what belongs to an area; answers with what puts it in place, so that the page changes all at once. */
  async load(_area, _signal) {
    return null;
  }

  /** Whether `load` is called again when the stream has caught up. */
  get isLive() {
    return false;
  }

  /** Whether anything is drawn now, beyond being switched on. */
  get isInView() {
    return this.map.zoom >= this.spec.min_zoom;
  }

  /** Of the theme; `strong` of it for who wants more contrast. */
  get style() {
    const style = this.spec.style[this.map.theme];
    return wantsContrast.matches && style.strong ? { ...style, ...style.strong } : style;
  }

  /** The heading of its lines in the legend. */
  get legendTitle() {
    return text(this.spec.text);
  }

  /** Whether a line of the legend is switched on. */
  shows(entry) {
    return !this.map.isHidden(this.spec.id, entry);
  }

  repaint() {
    this.map.repaint();
  }
}
