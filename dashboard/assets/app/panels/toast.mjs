/* Short messages in the live region, with an undo that counts down where there is one. */
import { gridboard } from '../core/gridboard.mjs';

const { make } = gridboard.ui;
let pending = null;

function toast(words, { bad = false, undo = null, seconds = 6 } = {}) {
  const region = document.getElementById('toast');
  if (!region) {
    return;
  }
  const item = make('div', bad ? 'toast-item bad' : 'toast-item');
  item.append(make('span', 'toast-words', words));
  let left = seconds;
  const end = () => {
    window.clearInterval(timer);
    item.remove();
    if (pending && pending.item === item) {
      pending = null;
    }
  };
  const button = undo ? make('button', 'toast-undo') : null;
  const label = () => {
    if (button) {
      button.textContent = gridboard.text('js.undo', { n: left });
    }
  };
  const timer = window.setInterval(() => {
    left -= 1;
    label();
    if (left <= 0) {
      end();
    }
  }, 1000);
  if (button) {
    button.type = 'button';
    const run = () => {
      end();
      undo();
    };
    button.addEventListener('click', run);
    pending = { item, run };
    label();
    item.append(button);
  }
  region.append(item);
  while (region.children.length > 3) {
    region.firstElementChild.remove();
  }
}

/** Takes the latest offer to undo; false when there is none. */
function undo() {
  if (!pending?.item.isConnected) {
    return false;
  }
  pending.run();
  return true;
}

gridboard.toast = toast;
gridboard.undo = undo;
