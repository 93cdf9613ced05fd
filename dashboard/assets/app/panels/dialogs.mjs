/* Dialogs: open with the focus inside, close with Escape, the ground or the cross, give the focus back. */
import { gridboard } from '../core/gridboard.mjs';

const { action } = gridboard.ui;
let before = null;

function current() {
  return document.querySelector('.dialog-ground:not([hidden])');
}

function open(id) {
  const ground = document.getElementById(id);
  if (!ground) {
    return;
  }
  close();
  before = document.activeElement;
  ground.hidden = false;
  gridboard.emit('dialog-opened', id);
  const first =
    ground.querySelector('.dialog-body button:not([disabled]), .dialog-body input') || ground.querySelector('button');
  if (first) {
    first.focus();
  }
}

function close() {
  const ground = current();
  if (!ground) {
    return false;
  }
  ground.hidden = true;
  ground.classList.remove('aside');
  if (before?.isConnected) {
    before.focus();
  }
  gridboard.emit('dialog-closed', ground.id);
  return true;
}

function keepInside(event) {
  const ground = current();
  if (!ground || event.key !== 'Tab' || ground.classList.contains('aside')) {
    return;
  }
  const stops = [...ground.querySelectorAll('button:not([tabindex="-1"]), input, textarea')].filter(
    (stop) => stop.offsetParent,
  );
  const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
  if (document.activeElement === edge) {
    event.preventDefault();
    (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus();
  }
}

action('close-dialog', close);
document.addEventListener('keydown', keepInside);
document.addEventListener('pointerdown', (event) => {
  if (event.target.classList?.contains('dialog-ground')) {
    close();
  }
});
gridboard.dialogs = { open, close, current };
