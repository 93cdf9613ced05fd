/* `window.gridboard`: what automation, assistive technology and tests may ask of a page (a promise outward; the names
   stay). `page` is its inside, for whoever tests it. */
import { MapAutomation } from './map/automation.mjs';

const NO_MAP = {
  tierOf: () => null,
  pixelOf: () => null,
  areaAt: () => null,
  markers: () => 0,
  markerPixel: () => null,
};

export function publish(page) {
  const asked = () => (page.map?.scene ? new MapAutomation(page.map) : NO_MAP);
  window.gridboard = {
    page,
    /** Resolved when the map of the present area is painted. */
    get ready() {
      return page.map?.ready ?? page.mapPainted;
    },
    get area() {
      return page.map?.area ?? page.store.state.area;
    },
    get seq() {
      return page.store.state.seq;
    },
    get asOf() {
      return page.store.state.asOf || null;
    },
    tierOf: (code) => asked().tierOf(code),
    pixelOf: (code) => asked().pixelOf(code),
    areaAt: (x, y) => asked().areaAt(x, y),
    markers: () => asked().markers(),
    markerPixel: (caseNo) => asked().markerPixel(caseNo),
  };
}
