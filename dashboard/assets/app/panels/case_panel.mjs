/* The chosen case: who takes it, what is done with it. The panel itself is drawn by the server, again after each change. */
import { gridboard } from '../core/gridboard.mjs';

const { action, debounced } = gridboard.ui;

const shown = () => document.querySelector('.case-panel.shown .case, .sheet .case');
const draw = () => {
  const place = document.querySelector('.sheet') ? 'sheet-refresh' : 'case-refresh';
  window.dash_clientside.set_props(place, { data: Date.now() });
};
const redraw = debounced(150, () => gridboard.drafts.afterComposition(draw));

action('close-case', () => gridboard.go({ case: null }));

// What was chosen outlives a redraw of the same case: a load that changed meanwhile must not send it to another body.
let picked = null;

function choose(option) {
  const panel = option.closest('.case');
  picked =
    panel && option.dataset.organisation
      ? { caseNo: panel.dataset.caseNo, organisation: option.dataset.organisation }
      : picked;
  mark(option);
}

function mark(option) {
  option.parentElement.querySelectorAll('[role="radio"]').forEach((other) => {
    other.setAttribute('aria-checked', String(other === option));
    other.tabIndex = other === option ? 0 : -1;
  });
}

function chosenBody() {
  const option = document.querySelector('#assign-to [role="radio"][aria-checked="true"]');
  return option ? Number(option.dataset.organisation) : null;
}

new MutationObserver(() => {
  const panel = picked && shown();
  if (!panel || panel.dataset.caseNo !== picked.caseNo) {
    return;
  }
  const option = panel.querySelector(`#assign-to [role="radio"][data-organisation="${picked.organisation}"]`);
  if (option && option.getAttribute('aria-checked') !== 'true') {
    mark(option);
  }
}).observe(document.documentElement, {
  subtree: true,
  childList: true,
  attributes: true,
  attributeFilter: ['aria-checked', 'data-organisation'],
});

function say(panel, words) {
  panel.querySelector('.case-message').textContent = words;
}

/** What the form of the move says; nothing yet when it had to be opened or something is missing in it. */
function formOf(panel, move) {
  const form = gridboard.forms.of(panel, move);
  if (!form) {
    return {};
  }
  if (form.hidden) {
    gridboard.forms.open(form);
    return null;
  }
  const { given, missing, field } = gridboard.forms.read(form);
  if (missing) {
    say(panel, gridboard.text('js.form.missing', { field: missing }));
    const first = field.querySelector('.choice, .input');
    if (first) {
      first.focus();
    }
    return null;
  }
  return given;
}

async function run(button) {
  const panel = button.closest('.case');
  if (panel.getAttribute('aria-busy') === 'true') {
    return;
  }
  const move = button.dataset.move || button.dataset.send;
  const given = formOf(panel, move);
  if (!given) {
    return;
  }
  const to = move === 'dispatch' ? chosenBody() : null;
  if (move === 'dispatch' && !to) {
    say(panel, gridboard.text('js.choose-body'));
    return;
  }
  const facts = { caseNo: panel.dataset.caseNo, version: Number(panel.dataset.version), move };
  panel.setAttribute('aria-busy', 'true');
  if (move === 'dispatch' && gridboard.choice.needed() && !given.choice) {
    given.choice = await gridboard.choice.ask();
    if (!given.choice) {
      panel.removeAttribute('aria-busy');
      return;
    }
  }
  say(panel, '');
  gridboard.desk.own(facts.caseNo);
  try {
    const answer = await gridboard.moves.move({ ...facts, ...(to ? { to } : {}), ...given });
    gridboard.drafts.forget();
    done(facts, answer);
    redraw();
  } catch (failure) {
    gridboard.desk.mine.delete(facts.caseNo);
    say(panel, gridboard.moves.words(failure));
    if (failure.status === 409) {
      redraw();
    } // else what was typed stays
  } finally {
    panel.removeAttribute('aria-busy');
  }
}

function done({ caseNo, move }, answer) {
  const now = answer.case || answer;
  const holder = now.holder ? now.holder.name : '';
  const words = gridboard.text(holder && move === 'dispatch' ? 'js.dispatched' : 'js.done', {
    no: caseNo,
    move: gridboard.text(`move.${move}`),
    holder,
  });
  const undo = move === 'dispatch' ? () => recall(caseNo, now.version) : null;
  gridboard.toast(words, { undo, seconds: undo ? 30 : 6 });
  if (gridboard.desk.here() && move === 'dispatch') {
    gridboard.desk.drop(caseNo);
    gridboard.claims.next({ following: true });
  }
  gridboard.emit('refresh', { caseNo });
}

async function recall(caseNo, version) {
  try {
    await gridboard.moves.move({ caseNo, version, move: 'recall' });
    gridboard.desk.mine.delete(caseNo);
    gridboard.toast(gridboard.text('js.recalled', { no: caseNo }));
    gridboard.go({ case: caseNo });
  } catch (failure) {
    gridboard.toast(gridboard.moves.words(failure), { bad: true });
  }
  redraw();
  gridboard.emit('refresh', { caseNo });
}

function queue() {
  if (gridboard.desk.here()) {
    return gridboard.desk.order();
  }
  const grid = gridboard.lists.grids.get('list-open');
  const rows = [];
  if (grid?.api) {
    grid.api.forEachNode((node) => {
      if (node.data) {
        rows.push(node.data.case_no);
      }
    });
  }
  return rows;
}

document.addEventListener('click', (event) => {
  const option = event.target.closest?.('#assign-to [role="radio"]');
  if (option) {
    choose(option);
  }
  const button = event.target.closest?.('.case [data-move], .case [data-send]');
  if (button) {
    run(button);
  }
});

document.addEventListener('keydown', (event) => {
  const option = event.target.closest?.('[role="radio"]');
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!option || (!step && event.key !== ' ' && event.key !== 'Enter')) {
    return;
  }
  const all = [...option.parentElement.querySelectorAll('[role="radio"]')].filter((other) => !other.hidden);
  const next = step ? all[(all.indexOf(option) + step + all.length) % all.length] : option;
  if (!step && option.tagName === 'BUTTON') {
    return;
  }
  event.preventDefault();
  if (next.tagName === 'BUTTON') {
    next.click();
  } else {
    choose(next);
  }
  next.focus();
  if (event.key === 'Enter') {
    const submit = document.getElementById('assign-submit');
    if (submit) {
      submit.focus();
    }
  }
});

// The open case changed somewhere else: draw it again, in place.
gridboard.on('case', (change) => {
  const panel = shown();
  if (panel && panel.dataset.caseNo === change.case_no && Number(panel.dataset.version) !== change.version) {
    redraw();
  }
});
gridboard.on('snapshot', () => {
  if (shown()) {
    redraw();
  }
});

gridboard.panel = {
  shown,
  queue,
  redraw,
  choose(number) {
    const option = document.querySelectorAll('#assign-to [role="radio"]')[number - 1];
    if (option) {
      choose(option);
      option.scrollIntoView({ block: 'nearest' });
    }
    return Boolean(option);
  },
  likely() {
    const panel = shown();
    return panel?.querySelector('#assign-submit, .case-buttons .button-main');
  },
  press(move) {
    const panel = shown();
    const button = panel?.querySelector(`[data-move="${move}"]`);
    if (button) {
      button.click();
    }
    return Boolean(button);
  },
};
