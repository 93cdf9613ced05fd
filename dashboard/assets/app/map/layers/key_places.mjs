/* Key places: a quiet glyph each, from the zoom at which they can be told apart. */
import { gridboard } from '../../core/gridboard.mjs';

const map = gridboard.map;

function make(stage, spec) {
  let places = [];
  let kinds = new Map();
  let spots = [];
  const glyphs = new Map();

  async function load(code, signal) {
    let got = { items: [], categories: [] };
    try {
      got = await gridboard.fetchJson(`/api/places?area=${encodeURIComponent(code)}`, { signal });
    } catch (failure) {
      if (failure.name === 'AbortError') {
        throw failure;
      }
    }
    return () => {
      places = got.items;
      kinds = new Map(got.categories.map((kind) => [kind.code, kind]));
      spots = [];
    };
  }

  /** The icon as a picture in the colour of the theme; until it is there, the place waits. */
  function glyph(name, colour, side) {
    const key = `${name}:${colour}:${side}`;
    if (glyphs.has(key)) {
      return glyphs.get(key);
    }
    glyphs.set(key, null);
    const picture = new Image();
    picture.onload = () => {
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = side;
      const pen = canvas.getContext('2d');
      pen.drawImage(picture, 0, 0, side, side);
      pen.globalCompositeOperation = 'source-in';
      pen.fillStyle = colour;
      pen.fillRect(0, 0, side, side);
      glyphs.set(key, canvas);
      stage.repaint('marks');
    };
    picture.src = `/assets/icons/${name}.svg`;
    return null;
  }

  function marks(pen, frame) {
    spots = [];
    if (frame.zoom < spec.min_zoom) {
      return;
    }
    const ink = stage.style(spec.id);
    const side = Math.round(13 * frame.scale);
    const r = 9.5 * frame.scale;
    const taken = [...stage.boxes];
    const called = [];
    places.forEach((place) => {
      if (stage.hidden.has(`${spec.id}:${place.category}`)) {
        return;
      }
      const [x, y] = frame.at(place.lon, place.lat);
      if (x < 0 || y < 0 || x > frame.width || y > frame.height) {
        return;
      }
      const picture = glyph(kinds.get(place.category)?.icon || 'map-pin', ink.glyph, side);
      const box = [x - r, y - r, x + r, y + r];
      if (!picture || !map.isFree(taken, box)) {
        return;
      }
      taken.push(box);
      spots.push({ x, y, r: 10, place });
      pen.fillStyle = ink.back;
      pen.strokeStyle = ink.line;
      pen.lineWidth = frame.scale;
      pen.beginPath();
      pen.roundRect(x - r, y - r, r * 2, r * 2, 5 * frame.scale);
      pen.fill();
      pen.stroke();
      pen.drawImage(picture, Math.round(x - side / 2), Math.round(y - side / 2));
      if (frame.zoom >= 14.5) {
        called.push({ place, x, y, r, ink });
      }
    });
    called.forEach((one) => name(pen, frame, { ...one, taken }));
  }

  function name(pen, frame, { place, x, y, r, ink, taken }) {
    pen.font = `500 ${11 * frame.scale}px ${map.FONT}`;
    pen.textAlign = 'center';
    pen.textBaseline = 'top';
    const half = pen.measureText(place.name).width / 2 + 2 * frame.scale;
    const box = [x - half, y + r + frame.scale, x + half, y + r + 16 * frame.scale];
    if (!map.isFree(taken, box)) {
      return;
    }
    taken.push(box);
    map.writeOnMap(pen, place.name, {
      x,
      y: y + r + 3 * frame.scale,
      colour: ink.text,
      halo: stage.style('boundaries').halo,
      width: 3 * frame.scale,
    });
  }

  function hit(point) {
    const frame = stage.frameOf('marks');
    return (
      spots.find((spot) => {
        const at = stage.toPoint(spot, frame);
        return Math.hypot(at.x - point.x, at.y - point.y) < 12 * gridboard.map.unit();
      }) || null
    );
  }

  function counts() {
    const found = {};
    places.forEach((place) => {
      found[place.category] = (found[place.category] || 0) + 1;
    });
    return found;
  }

  /** The legend's lines come from the data: only categories that are here. */
  function entries() {
    const found = counts();
    return [...kinds.values()]
      .filter((kind) => found[kind.code])
      .map((kind) => ({ id: kind.code, words: kind.name, mark: 'icon', icon: kind.icon }));
  }

  return { load, marks, hit, counts, entries, kind: (code) => kinds.get(code) };
}

map.layer('key_places', make);
