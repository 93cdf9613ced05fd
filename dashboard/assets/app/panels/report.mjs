/* Report a case: choices as chips, the place by a click on the map; sent like every other change. */
import { gridboard } from '../core/gridboard.mjs';

const { action } = gridboard.ui;
let map = null;
let place = null;
let picking = false;

if (window.L) {
  window.L.Map.addInitHook(function remember() {
    map = this;
  });
}

const dialog = () => document.getElementById('report-dialog');
const value = (field) => {
  const chip = dialog().querySelector(`[data-field="${field}"][aria-checked="true"]`);
  return chip ? chip.dataset.value : null;
};

function choose(chip) {
  if (chip.dataset.need) {
    chip.setAttribute('aria-checked', String(chip.getAttribute('aria-checked') !== 'true'));
    return;
  }
  chip.parentElement
    .querySelectorAll('.choice')
    .forEach((other) => other.setAttribute('aria-checked', String(other === chip)));
  if (chip.dataset.field === 'kind') {
    kinds(chip.dataset.value);
  }
}

const needs = () => [...dialog().querySelectorAll('[data-need][aria-checked="true"]')].map((chip) => chip.dataset.need);

function kinds(kind) {
  const chips = [...dialog().querySelectorAll('[data-field="category"]')];
  chips.forEach((chip) => {
    chip.hidden = chip.dataset.kind !== kind;
    chip.setAttribute('aria-checked', 'false');
  });
  const first = chips.find((chip) => !chip.hidden);
  if (first) {
    first.setAttribute('aria-checked', 'true');
  }
}

function stop() {
  if (!picking) {
    return false;
  }
  picking = false;
  document.body.classList.remove('picking');
  dialog().classList.remove('aside');
  return true;
}

function picked(event) {
  if (!picking || !map || !event.target.closest('#map, .leaflet-container')) {
    return;
  }
  event.stopPropagation();
  event.preventDefault();
  if (event.type !== 'click') {
    return;
  }
  const at = map.mouseEventToLatLng(event);
  place = { lon: Number(at.lng.toFixed(6)), lat: Number(at.lat.toFixed(6)) };
  dialog().querySelector('.report-place').textContent = `${place.lon.toFixed(5)}, ${place.lat.toFixed(5)}`;
  stop();
}

['pointerdown', 'mousedown', 'click'].forEach((name) => document.addEventListener(name, picked, true));
document.addEventListener('click', (event) => {
  const chip = event.target.closest?.('#report-dialog .choice');
  if (chip) {
    choose(chip);
  }
});

action('open-report', () => {
  place = null;
  dialog().querySelector('.form-message').textContent = '';
  dialog().querySelector('.report-place').textContent = gridboard.text('js.report.area');
  kinds(value('kind'));
  gridboard.dialogs.open('report-dialog');
});
action('pick-place', () => {
  if (!map) {
    return;
  }
  picking = true;
  document.body.classList.add('picking');
  dialog().classList.add('aside');
});

action('submit-report', async (button) => {
  const title = document.getElementById('report-title');
  const description = document.getElementById('report-description');
  const said = dialog().querySelector('.form-message');
  if (!title.value.trim()) {
    said.textContent = gridboard.text('js.report.title');
    title.focus();
    return;
  }
  button.disabled = true;
  const body = {
    kind: value('kind'),
    category: value('category'),
    severity: value('severity'),
    source: value('source'),
    title: title.value.trim(),
    description: description.value.trim(),
    needs: needs(),
    ...(place || { area: gridboard.scene ? gridboard.scene.area : gridboard.area }),
  };
  try {
    const made = await gridboard.moves.send('/api/cases', body);
    gridboard.dialogs.close();
    gridboard.toast(gridboard.text('js.reported', { no: made.case_no }));
    made.warnings.forEach((warning) => gridboard.toast(warning.text));
    window.dash_clientside.set_props('report-title', { value: '' });
    window.dash_clientside.set_props('report-description', { value: '' });
    gridboard.emit('refresh', { caseNo: made.case_no });
    gridboard.go({ case: made.case_no });
  } catch (failure) {
    said.textContent = gridboard.moves.words(failure);
  } finally {
    button.disabled = false;
  }
});

gridboard.stopPicking = stop;
