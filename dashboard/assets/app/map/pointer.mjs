/* What the pointer does: hover names, click goes down or opens, shift chooses, shift-drag draws a box. */
import { gridboard } from '../core/gridboard.mjs';

const map = gridboard.map;

function listen(stage) {
  const { leaflet } = stage;
  const room = leaflet.getContainer();
  const part = (id) => (stage.shown(id) ? stage.layers.get(id).part : null);
  let box = null;

  function what(event) {
    const point = leaflet.mouseEventToContainerPoint(event);
    const marker = part('cases')?.hit(point);
    if (marker) {
      return { point, marker };
    }
    const place = part('key_places')?.hit(point);
    const areas = stage.layers.get('boundaries');
    const code = areas?.part.codeAt(leaflet.containerPointToLatLng(point));
    return { point, place, code };
  }

  const onMap = (event) => !event.target.closest('.map-tools, .map-legend, .leaflet-control, .leaflet-popup');

  function move(event) {
    if (box) {
      stretch(event);
      return;
    }
    if (event.buttons || !stage.scene || event.pointerType === 'touch') {
      return;
    }
    if (!onMap(event)) {
      leave();
      return;
    }
    const found = what(event);
    const other = found.code && stage.scene.code !== found.code ? found.code : null;
    hover(found.marker ? null : other);
    room.classList.toggle('pointing', Boolean(found.marker || other));
    map.tag(stage, found);
  }

  function hover(code) {
    if (stage.hovered === code) {
      return;
    }
    stage.hovered = code;
    stage.repaint('hover');
    gridboard.emit('hover', { code, from: 'map' });
  }

  function leave() {
    hover(null);
    map.tag(stage, null);
    room.classList.remove('pointing');
  }

  function click({ originalEvent: event }) {
    if (!onMap(event) || !stage.scene) {
      return;
    }
    const found = what(event);
    if (found.marker) {
      part('cases').open(found.marker, event.shiftKey);
      return;
    }
    if (event.shiftKey || !found.code || found.code === stage.scene.code) {
      return;
    }
    leave();
    gridboard.go({ area: found.code, case: null, list: null });
  }

  function press(event) {
    if (!event.shiftKey || event.button || !onMap(event) || !part('cases')) {
      return;
    }
    const from = leaflet.mouseEventToContainerPoint(event);
    leaflet.dragging.disable();
    box = { from, element: null };
    event.preventDefault();
  }

  function stretch(event) {
    const at = leaflet.mouseEventToContainerPoint(event);
    if (!box.element) {
      if (at.distanceTo(box.from) < 5) {
        return;
      }
      box.element = document.createElement('div');
      box.element.className = 'map-box';
      room.append(box.element);
    }
    box.at = at;
    Object.assign(box.element.style, {
      left: `${Math.min(at.x, box.from.x)}px`,
      top: `${Math.min(at.y, box.from.y)}px`,
      width: `${Math.abs(at.x - box.from.x)}px`,
      height: `${Math.abs(at.y - box.from.y)}px`,
    });
  }

  function release() {
    if (!box) {
      return;
    }
    leaflet.dragging.enable();
    if (box.element) {
      box.element.remove();
      part('cases').inBox(box.from, box.at);
      leaflet.once('preclick', () => {});
      swallow = true;
      window.setTimeout(() => {
        swallow = false;
      }, 0);
    }
    box = null;
  }

  let swallow = false;
  leaflet.on('click', (event) => {
    if (!swallow) {
      click(event);
    }
  });
  room.addEventListener('pointermove', move);
  room.addEventListener('pointerleave', () => {
    if (!box) {
      leave();
    }
  });
  room.addEventListener('pointerdown', press, true);
  window.addEventListener('pointerup', release);
  leaflet.on('movestart zoomstart', () => map.tag(stage, null));
  const fromList = gridboard.on('hover', ({ code, from }) => {
    if (from === 'list' && stage.hovered !== code) {
      stage.hovered = code;
      stage.repaint('hover');
    }
  });
  return () => {
    fromList();
    window.removeEventListener('pointerup', release);
  };
}

map.listen = listen;
