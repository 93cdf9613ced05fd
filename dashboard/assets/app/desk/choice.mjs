/* Another body than the first recommended is chosen with a reason: one key, Escape takes it back. */
import { gridboard } from '../core/gridboard.mjs';

let answer = null;

const dialog = () => document.getElementById('choice-dialog');

function settle(code) {
  const done = answer;
  answer = null;
  if (done) {
    done(code);
  }
}

/** The code of the reason, null when it was taken back. */
function ask() {
  if (!dialog()) {
    return Promise.resolve('other');
  }
  return new Promise((done) => {
    answer = done;
    gridboard.dialogs.open('choice-dialog');
  });
}

/** Whether the chosen body is another than the first; a list without a second has no choice. */
function needed() {
  const options = [...document.querySelectorAll('#assign-to [role="radio"]')];
  const at = options.findIndex((option) => option.getAttribute('aria-checked') === 'true');
  return at > 0;
}

function chosen(button) {
  const code = button.dataset.choice;
  const done = answer;
  answer = null;
  gridboard.dialogs.close();
  if (done) {
    done(code);
  }
}

document.addEventListener('click', (event) => {
  const button = event.target.closest?.('#choice-dialog [data-choice]');
  if (button) {
    chosen(button);
  }
});
document.addEventListener(
  'keydown',
  (event) => {
    if (!answer || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) {
      return;
    }
    const button = dialog().querySelectorAll('[data-choice]')[Number(event.key) - 1];
    if (!button) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    chosen(button);
  },
  true,
);
gridboard.on('dialog-closed', (id) => {
  if (id === 'choice-dialog') {
    settle(null);
  }
});

gridboard.choice = { ask, needed };
