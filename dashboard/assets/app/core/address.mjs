/* The address holds the view: its area and case go to the callbacks, only when they change. */
import { gridboard } from '../core/gridboard.mjs';

const clientside = (window.dash_clientside = window.dash_clientside || {});
const FIRST = {};
let last = null;

function place(search, pathname) {
  const asked = new URLSearchParams(search || '');
  const now = {
    area: asked.get('area') || '',
    chosen: asked.get('case') || '',
    list: asked.get('list') || '',
    pathname,
  };
  const before = last || FIRST;
  last = now;
  gridboard.asked = now;
  gridboard.heading(true);
  // the page itself was drawn with the first one: asked again, its rail would be drawn anew under whoever uses it already
  if (before !== FIRST && document.querySelector('.work-map, .work-dispatch')) {
    ask(before, now);
  }
  if (now.list !== before.list || now.area !== before.area) {
    gridboard.emit('list', now.list);
  }
  if (now.chosen !== before.chosen) {
    gridboard.emit('chosen', now.chosen);
  }
  if (now.area !== before.area) {
    gridboard.emit('area', { code: now.area });
  }
  gridboard.emit('address', now);
  return window.dash_clientside.no_update;
}

/** Hands what changed to the callbacks; the page was opened with the rest. */
function ask(before, now) {
  if (now.area !== before.area) {
    window.dash_clientside.set_props('area-code', { data: now.area });
  }
  if (now.chosen !== before.chosen) {
    window.dash_clientside.set_props('chosen-case', { data: now.chosen });
  }
}

function scene(data) {
  if (!data) {
    return window.dash_clientside.no_update;
  }
  gridboard.scene = data;
  document.title = data.title;
  document.documentElement.lang = data.lang;
  gridboard.emit('scene', data);
  return data.area;
}

clientside.gridboard_page = Object.assign(clientside.gridboard_page || {}, { url: place, scene });

document.addEventListener('click', (event) => {
  const link = event.target.closest?.('[data-go-area]');
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) {
    return;
  }
  if (!document.getElementById('map')) {
    return;
  }
  event.preventDefault();
  gridboard.go({ area: link.dataset.goArea, list: null, case: null });
});
