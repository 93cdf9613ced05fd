/* Elements made from data (text is always text, never markup), and listening on the document for what may be drawn
   anew. */

import { deviceStorage } from './device_storage.mjs';

const actions = new Map();

export function make(tag, className = '', words = null) {
  const element = document.createElement(tag);
  if (className) {
    element.className = className;
  }
  if (words !== null && words !== undefined) {
    element.textContent = String(words);
  }
  return element;
}

export function makeButton(className, words = null, dataset = {}) {
  const button = make('button', className, words);
  button.type = 'button';
  Object.assign(button.dataset, dataset);
  return button;
}

/** A sign of styles/15_icons.css; with a label it is an image of that name, without one it says nothing. */
export function icon(name, label) {
  const sign = make('span', `icon icon-${name}`);
  if (label) {
    sign.setAttribute('role', 'img');
    sign.setAttribute('aria-label', label);
  } else {
    sign.setAttribute('aria-hidden', 'true');
  }
  return sign;
}

/** Calls handle(element, event) for events on or in elements of a selector, whenever they were drawn. */
export function delegate(type, selector, handle, options = {}) {
  const listen = (event) => {
    const element = event.target.closest?.(selector);
    if (element) {
      handle(element, event);
    }
  };
  document.addEventListener(type, listen, options);
}

/** What a press on an element with data-action=NAME does. */
export function action(name, handle) {
  actions.set(name, handle);
}

export function startActions() {
  delegate('click', '[data-action]', (element, event) => actions.get(element.dataset.action)?.(element, event));
}

/** The size of 1rem over that of an ordinary screen: 2 on a wall. */
export function scale() {
  return Number.parseFloat(window.getComputedStyle(document.documentElement).fontSize) / 16;
}

export function uniqueKey() {
  if (window.crypto.randomUUID) {
    return window.crypto.randomUUID();
  }
  return Array.from(window.crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, '0')).join('');
}

/** The element to which an arrow key leads from the current one, or null. */
export function arrowStep(elements, current, key) {
  const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[key];
  return by ? elements[(elements.indexOf(current) + by + elements.length) % elements.length] : null;
}

export const remembered = (key) => deviceStorage().getItem(key);

/** A full storage forgets it. */
export const remember = (key, value) => {
  try {
    deviceStorage().setItem(key, value);
  } catch {
    /* not kept */
  }
};
