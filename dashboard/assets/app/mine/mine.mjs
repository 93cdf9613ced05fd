/* The handlers' page: moves with their forms, a report from where one stands. */
import { gridboard } from '../core/gridboard.mjs';

const { action } = gridboard.ui;
let place = null;
let offset = 0;

gridboard.now = () => Date.now() + offset;
gridboard.boot
  .then((config) => {
    offset = Date.parse(config.now) - Date.now();
  })
  .catch(() => {});

const panel = () => document.querySelector('.mine-case .case');
const say = (words) => {
  panel().querySelector('.case-message').textContent = words;
};

async function run(button) {
  const case_ = panel();
  const move = button.dataset.move || button.dataset.send;
  const form = gridboard.forms.of(case_, move);
  let given = {};
  if (form) {
    if (form.hidden) {
      gridboard.forms.open(form);
      restore(form);
      return;
    }
    const found = gridboard.forms.read(form);
    if (found.missing) {
      say(gridboard.text('js.form.missing', { field: found.missing }));
      return;
    }
    given = found.given;
  }
  await gridboard.boot;
  const no = case_.dataset.caseNo;
  const label = `${no} · ${gridboard.text(`move.${move}`)}`;
  const entry = {
    key: gridboard.ui.key(),
    caseNo: no,
    label,
    path: `/api/cases/${encodeURIComponent(no)}/moves`,
    body: { move, version: Number(case_.dataset.version), ...given },
  };
  case_.setAttribute('aria-busy', 'true');
  say(gridboard.text('js.mine.sending'));
  try {
    const answer = await gridboard.pending.send(entry);
    if (form) {
      gridboard.pending.drafts.keep(draftOf(form), '');
    }
    if (!answer) {
      say(gridboard.text('js.mine.kept'));
      if (form) {
        form.hidden = true;
      }
      return;
    }
    window.location.reload();
  } catch (failure) {
    say(gridboard.moves.words(failure));
  } finally {
    case_.removeAttribute('aria-busy');
  }
}

const draftOf = (form) => `${panel().dataset.caseNo}.${form.dataset.form}`;

function restore(form) {
  const box = form.querySelector('textarea');
  if (box && !box.value) {
    box.value = gridboard.pending.drafts.of(draftOf(form));
  }
}

document.addEventListener('input', (event) => {
  const form = event.target.closest('.move-form');
  if (form && event.target.tagName === 'TEXTAREA') {
    gridboard.pending.drafts.keep(draftOf(form), event.target.value);
  }
});
document.addEventListener('click', (event) => {
  const button = event.target.closest('.case [data-move], .case [data-send]');
  if (button) {
    run(button);
  }
  const chip = event.target.closest('#report-dialog .choice');
  if (chip) {
    choose(chip);
  }
  if (event.target.closest('[data-leave]')) {
    gridboard.pending.drafts.forget();
  }
});

action('theme', () => window.gridboardTheme.toggle());
action('language', async (button) => {
  await gridboard.fetchJson('/api/locale', { method: 'POST', body: { locale: button.dataset.locale } });
  window.location.reload();
});

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

action('open-report', () => {
  dialog().hidden = false;
  kinds(value('kind'));
  document.getElementById('report-title').focus();
});
action('close-dialog', () => {
  dialog().hidden = true;
});
action('pick-place', () => {
  const words = dialog().querySelector('.report-place');
  if (!navigator.geolocation) {
    words.textContent = gridboard.text('js.mine.noposition');
    return;
  }
  words.textContent = gridboard.text('js.mine.locating');
  navigator.geolocation.getCurrentPosition(
    (found) => {
      place = { lon: Number(found.coords.longitude.toFixed(6)), lat: Number(found.coords.latitude.toFixed(6)) };
      words.textContent = `${place.lon.toFixed(5)}, ${place.lat.toFixed(5)}`;
    },
    () => {
      words.textContent = gridboard.text('js.mine.noposition');
    },
    { enableHighAccuracy: true, timeout: 15000 },
  );
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
  const body = {
    kind: value('kind'),
    category: value('category'),
    severity: value('severity'),
    source: value('source'),
    title: title.value.trim(),
    description: description.value.trim(),
    needs: needs(),
    ...(place || {}),
  };
  button.disabled = true;
  try {
    const made = await gridboard.pending.send({
      key: gridboard.ui.key(),
      label: gridboard.text('move.report'),
      path: '/api/cases',
      body,
    });
    dialog().hidden = true;
    gridboard.toast(made ? gridboard.text('js.reported', { no: made.case_no }) : gridboard.text('js.mine.kept'));
    title.value = '';
    description.value = '';
    if (made) {
      made.warnings.forEach((warning) => gridboard.toast(warning.text));
    }
    if (made) {
      window.setTimeout(() => window.location.assign('/mine?tab=reported'), made.warnings.length ? 6000 : 1000);
    }
  } catch (failure) {
    said.textContent = gridboard.moves.words(failure);
  } finally {
    button.disabled = false;
  }
});

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !dialog().hidden) {
    dialog().hidden = true;
  }
});
