/* Elements made from data: text is always text, never markup. And one listener for everything with data-action. */
import { gridboard } from '../core/gridboard.mjs';

const actions = new Map();

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) {
    element.className = className;
  }
  if (text !== undefined && text !== null) {
    element.textContent = String(text);
  }
  return element;
}

function action(name, handle) {
  actions.set(name, handle);
}

function debounced(wait, work) {
  let timer = 0;
  return (...values) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => work(...values), wait);
  };
}

/** The size of 1rem over that of an ordinary screen: 2 on a wall. */
function scale() {
  return parseFloat(window.getComputedStyle(document.documentElement).fontSize) / 16;
}

function key() {
  if (window.crypto?.randomUUID) {
    return window.crypto.randomUUID();
  }
  return Array.from(window.crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, '0')).join('');
}

document.addEventListener('click', (event) => {
  const element = event.target.closest?.('[data-action]');
  const handle = element && actions.get(element.dataset.action);
  if (handle) {
    handle(element, event);
  }
});

gridboard.ui = { make, action, debounced, scale, key };
