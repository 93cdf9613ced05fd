/* What automation and assistive technology may ask of the map; page coordinates, CSS pixels. */
(function () {
  'use strict';
  const gridboard = window.gridboard;
  const { map } = gridboard;

  const part = (id) => map.stage && map.stage.layers.get(id) && map.stage.layers.get(id).part;

  function page(point) {
    const room = map.stage.leaflet.getContainer().getBoundingClientRect();
    return { x: room.left + window.scrollX + point.x, y: room.top + window.scrollY + point.y };
  }

  function pixelOf(code) {
    const area = map.stage && map.stage.areas.get(code);
    return area && area.lon !== undefined ? page(map.stage.leaflet.latLngToContainerPoint([area.lat, area.lon])) : null;
  }

  function areaAt(x, y) {
    if (!map.stage || !map.stage.scene) { return null; }
    const room = map.stage.leaflet.getContainer().getBoundingClientRect();
    const point = window.L.point(x - window.scrollX - room.left, y - window.scrollY - room.top);
    if (point.x < 0 || point.y < 0 || point.x > room.width || point.y > room.height) { return null; }
    return part('boundaries').codeAt(map.stage.leaflet.containerPointToLatLng(point));
  }

  function markerPixel(caseNo) {
    const at = part('cases') && part('cases').where(caseNo);
    return at ? page(at) : null;
  }

  Object.assign(gridboard, {
    tierOf: (code) => (map.stage ? map.stage.areas.tierOf(code) : null),
    pixelOf, areaAt, markerPixel,
    markers: () => (part('cases') ? part('cases').size() : 0),
    fit: () => { if (map.stage) { map.stage.fit(true); } },
  });
}());
