/* The map as a Dash component (dashboard/grid_map.py): a React function that holds a Leaflet map and our layers. Its
   child is dash-leaflet's Map; what Leaflet makes of it is taken over here. Properties in, events out, nothing else.
   */
import { bus } from '../core/bus.mjs';
import { session } from '../core/session.mjs';
import { MapView } from './map_view.mjs';

const maps = new WeakMap();
const calm = window.matchMedia('(prefers-reduced-motion: reduce)');

/** For who wants no motion: whatever moves the map, a key included, is there at once. */
function keepStill(map) {
  const { panBy, _tryAnimatedZoom: tryAnimatedZoom } = map;
  map.panBy = (offset, options) => panBy.call(map, offset, calm.matches ? { ...options, animate: false } : options);
  map._tryAnimatedZoom = (...values) => !calm.matches && tryAnimatedZoom.apply(map, values);
  const follow = () => {
    map.options.inertia = !calm.matches;
  };
  follow();
  calm.addEventListener('change', follow);
  map.on('unload', () => calm.removeEventListener('change', follow));
}

/** Leaflet tells of every map that it makes, before anything is drawn on it. */
function adoptLeafletMaps() {
  window.L.Map.addInitHook(function adopt() {
    keepStill(this);
    maps.set(this.getContainer(), this);
  });
}

/** Events as properties: each is {…, n}, where n counts them, so that the same again is news. */
class EventProperties {
  #setProps;
  #n = 0;

  constructor(setProps) {
    this.#setProps = setProps;
  }

  #tell(name, value) {
    this.#n += 1;
    this.#setProps({ [name]: { ...value, n: this.#n } });
  }

  areaClicked(area) {
    this.#tell('clickedArea', { area });
  }

  caseClicked(caseNo) {
    this.#tell('clickedCase', { caseNo });
  }

  casesPicked(cases) {
    this.#tell('box', { cases });
  }

  hovered(area) {
    this.#tell('hovered', { area });
  }

  layersChosen(layers) {
    this.#setProps({ layers });
    bus.emit('layers-chosen', { layers });
  }
}

export function GridMap(props) {
  const { createElement, useEffect, useRef } = window.React;
  const { id, className, children, setProps } = props;
  const room = useRef(null);
  const view = useRef(null);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const leaflet = maps.get(room.current.querySelector('.leaflet-container'));
    const made = new MapView(leaflet, new EventProperties(setProps));
    view.current = made;
    bus.emit('map-made', { map: made });
    session.then((config) => made.start(config, latest.current)).catch(() => {});
    return () => {
      made.end();
      bus.emit('map-gone', { map: made });
    };
  }, []);
  useEffect(() => view.current.update(props));
  return createElement('div', { id, className, ref: room }, children);
}

/** Under the name by which the Python class is found. */
export function registerGridMap() {
  adoptLeafletMaps();
  window.gridboard_components = { GridMap };
}
