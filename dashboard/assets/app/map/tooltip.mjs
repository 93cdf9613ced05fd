/* The small tag beside the pointer: what lies under it, in one glance. */
import { gridboard } from '../core/gridboard.mjs';

const map = gridboard.map;
const say = (key, values) => gridboard.text(key, values);

function line(className, words) {
  const { make } = gridboard.ui;
  return make('div', className, words);
}

function ofArea(stage, code) {
  const { make } = gridboard.ui;
  const area = stage.areas.get(code);
  if (!area) {
    return null;
  }
  const head = line('tag-head');
  if (area.tier) {
    head.append(make('span', `tier-mark tier-${area.tier}`, say(`tier.mark.${area.tier}`)));
  }
  head.append(make('strong', '', area.name));
  if (area.tier) {
    head.append(make('span', `tier-text-${area.tier}`, say(`tier.${area.tier}`)));
  }
  const inside = stage.scene.child.child.has(code);
  const figures = line(
    'tag-line',
    inside && area.open !== undefined
      ? say('js.map.figures', { open: area.open, waiting: area.waiting })
      : say('js.map.neighbour'),
  );
  return [head, figures];
}

function ofCase(cases, one) {
  const { make } = gridboard.ui;
  const { overdue } = cases.look(one);
  const head = line('tag-head');
  head.append(make('strong', '', say(`kind.${one.kind}`)), make('span', 'quiet', say(`severity.${one.severity}`)));
  const rows = [head, line('tag-line', say(`status.${one.status}`))];
  if (one.due) {
    rows.push(line(overdue ? 'tag-line tier-text-key' : 'tag-line', clock(one.due)));
  }
  if (one.no) {
    rows.push(line('tag-line quiet', one.no));
  }
  return rows;
}

function clock(due) {
  const left = due - (gridboard.now ? gridboard.now() : Date.now()) / 1000;
  const minutes = Math.max(1, Math.round(Math.abs(left) / 60));
  const length =
    minutes < 60
      ? say('js.minutes', { n: minutes })
      : minutes < 2880
        ? say('js.hours', { n: Math.round(minutes / 60) })
        : say('js.days', { n: Math.round(minutes / 1440) });
  return say(left < 0 ? 'js.overdue' : 'js.left', { length });
}

function ofCluster(sum) {
  const head = line('tag-head');
  head.append(gridboard.ui.make('strong', '', say('js.map.cluster', { n: sum.n })));
  const parts = ['grave', 'major', 'minor']
    .filter((name) => sum[name])
    .map((name) => `${say(`severity.${name}`)} ${sum[name]}`);
  const rows = [head, line('tag-line', parts.join(' · '))];
  if (sum.waiting) {
    rows.push(line('tag-line', say('js.map.cluster-waiting', { n: sum.waiting })));
  }
  return rows;
}

function content(stage, found) {
  const cases = stage.layers.get('cases');
  if (found.marker) {
    return found.marker.sum ? ofCluster(found.marker.sum) : ofCase(cases.part, cases.part.get(found.marker.key));
  }
  if (found.place) {
    const kind = stage.layers.get('key_places').part.kind(found.place.place.category);
    return [line('tag-head', found.place.place.name), line('tag-line', kind ? kind.name : '')];
  }
  return found.code && found.code !== stage.scene.code ? ofArea(stage, found.code) : null;
}

map.tag = function tag(stage, found) {
  const room = stage.leaflet.getContainer();
  let element = room.querySelector('.map-tag');
  const rows = found && content(stage, found);
  if (!rows) {
    if (element) {
      element.hidden = true;
    }
    return;
  }
  if (!element) {
    element = gridboard.ui.make('div', 'map-tag');
    room.append(element);
  }
  element.replaceChildren(...rows);
  element.hidden = false;
  const { x, y } = found.point;
  const left = x + 16 + element.offsetWidth > room.clientWidth ? x - 14 - element.offsetWidth : x + 16;
  const top = y + 18 + element.offsetHeight > room.clientHeight ? y - 12 - element.offsetHeight : y + 18;
  element.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
};
