/* Clocks that tick: whatever was drawn with a deadline (`data-due`, and `data-clock`: the step whose it is) or since
   when (`data-since`, and `data-words`: what stands around the time) is worded again as time goes on, by
   core/format.mjs. */
import { relative, timeLeft } from './format.mjs';
import { Part } from './part.mjs';
import { every } from './timers.mjs';

const TICK_MS = 5000;
const STATES = ['late', 'soon'];

function say(element, words) {
  if (element.textContent !== words) {
    element.textContent = words;
  }
}

function tellLeft(element) {
  const { due, clock } = element.dataset;
  if (!due) {
    return;
  }
  const left = timeLeft(due, clock);
  say(element, left.text);
  for (const state of STATES) {
    const has = element.classList.contains(state);
    if (has !== (left.className === state)) {
      element.classList.toggle(state);
    }
  }
}

function tellSince(element) {
  const words = relative(element.dataset.since);
  if (words) {
    say(element, element.dataset.words.replace('{time}', words));
  }
}

export function tick(root = document) {
  root.querySelectorAll('[data-due]').forEach(tellLeft);
  root.querySelectorAll('[data-since]').forEach(tellSince);
}

export class Clocks extends Part {
  #ready;

  /** `ready`: a promise; before it there are neither words nor the server's time. */
  constructor(ready) {
    super();
    this.#ready = ready;
  }

  connect(signal) {
    this.#ready.then(
      () => every(TICK_MS, () => tick(), signal),
      () => {},
    );
  }
}
