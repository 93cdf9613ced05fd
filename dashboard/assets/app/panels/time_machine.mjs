/* The time machine: a bar under the map that takes the page to a moment of the past and plays on from there. The moment
   is a word of the address (as_of); what the page shows then says everywhere that it is not now. */
import { action, delegate, make, makeButton } from '../core/dom.mjs';
import { moment } from '../core/format.mjs';
import { fetchJson, query } from '../core/http.mjs';
import { Part } from '../core/part.mjs';
import { momentOfClock, momentWord, stretch, wallClock } from '../core/past.mjs';
import { store } from '../core/store.mjs';
import { debounced, pause } from '../core/timers.mjs';
import { text } from '../core/words.mjs';
import { writeFigures } from './counts.mjs';

const MINUTE_MS = 60000;
const DAY_MS = 86400000;
/** Minutes of a step, and moments a second; the usual ones second. */
const STEPS = [60, 1440, 10080];
const SPEEDS = [4, 12, 24];
const FRAMES = 20;
const DRAG_MS = 150;
const ARROWS = { ArrowLeft: -1, ArrowRight: 1 };

const wordOf = (at) => momentWord(new Date(Math.floor(at / 1000) * 1000).toISOString());

function choice(id, values, key) {
  const select = make('select', 'time-choice');
  select.id = id;
  select.setAttribute('aria-label', text(key));
  for (const value of values) {
    const option = make('option', '', text(`${key}.${value}`));
    option.value = String(value);
    option.selected = value === values[1];
    select.append(option);
  }
  return select;
}

function button(id, sign, words) {
  const made = makeButton('icon-button', sign, { action: id });
  made.id = id;
  made.title = words;
  made.setAttribute('aria-label', words);
  return made;
}

function input(id, type, words) {
  const made = make('input');
  made.id = id;
  made.type = type;
  made.setAttribute('aria-label', words);
  return made;
}

export class TimeMachine extends Part {
  #page;
  #line = null;
  #turn = 0;
  #dragged = debounced(DRAG_MS, (at) => this.goTo(at));

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    action('time-open', () => this.#toggle());
    action('time-live', () => this.goLive());
    action('time-play', () => (this.isPlaying ? this.stopPlaying() : this.#play()));
    action('time-step', () => this.#step(1));
    action('time-back', () => this.#step(-1));
    delegate('input', '#time-handle', ({ value }) => this.#drag(Number(value)), { signal });
    delegate('change', '#time-at', ({ value }) => value && this.goTo(momentOfClock(value, store.state.zone)), {
      signal,
    });
    delegate('keydown', '#time-handle', (_, event) => this.#pressed(event), { signal });
    store.watch('asOf', () => this.#show(), signal);
    store.watch('area', () => this.#moved(), signal);
  }

  pageMounted() {
    this.stopPlaying();
    this.#page.session.then(() => {
      const bar = this.#bar;
      if (bar && !bar.childElementCount) {
        this.#fill(bar);
      }
      this.#show();
    });
  }

  get isPlaying() {
    return this.#turn % 2 === 1;
  }

  goLive() {
    this.stopPlaying();
    this.#page.address.navigate({ as_of: null });
  }

  /** At most the present, at least the first act. */
  async goTo(at) {
    this.stopPlaying();
    const { first, now } = await this.#read();
    if (first !== null) {
      this.#page.address.navigate({ as_of: wordOf(Math.min(now, Math.max(first, at))) });
    }
  }

  stopPlaying() {
    if (this.isPlaying) {
      this.#turn += 1;
      this.#showPlay();
      this.#page.address.navigate({ as_of: store.state.asOf });
      this.#page.tellMoment(store.state.asOf);
    }
  }

  get #machine() {
    return document.getElementById('time-machine');
  }

  get #bar() {
    return this.#machine?.querySelector('.time-bar');
  }

  get #stepMs() {
    return Number(document.getElementById('time-by').value) * MINUTE_MS;
  }

  #fill(bar) {
    const track = make('div', 'time-track');
    track.append(make('canvas', 'time-skyline'), input('time-handle', 'range', text('js.past.moment')));
    const live = makeButton('button', text('js.past.live'), { action: 'time-live' });
    live.id = 'time-live';
    bar.append(
      button('time-back', '‹', text('js.past.back')),
      button('time-play', '▶', text('js.past.play')),
      button('time-step', '›', text('js.past.step')),
      track,
      input('time-at', 'datetime-local', text('js.past.jump')),
      choice('time-by', STEPS, 'js.past.by'),
      choice('time-speed', SPEEDS, 'js.past.speed'),
      live,
    );
  }

  #toggle() {
    const bar = this.#bar;
    bar.hidden = !bar.hidden;
    this.#machine.querySelector('.time-open').setAttribute('aria-expanded', String(!bar.hidden));
    if (!bar.hidden) {
      this.#drawLine();
      document.getElementById('time-handle').focus();
    }
  }

  #moved() {
    this.#line = null;
    this.stopPlaying();
    if (this.#bar && !this.#bar.hidden) {
      this.#drawLine();
    }
  }

  /** {first, now} in milliseconds and the new cases of each day; `first` null where there is no past. */
  async #read() {
    const { area } = store.state;
    if (!this.#line) {
      const told = await fetchJson(`/api/past${query({ area })}`);
      const first = told.first && Date.parse(told.first);
      this.#line = { first: first && Math.ceil(first / 1000) * 1000, now: Date.parse(told.now), days: told.days };
    }
    return this.#line;
  }

  async #drawLine() {
    const line = await this.#read().catch(() => null);
    const handle = document.getElementById('time-handle');
    if (!line || !handle) {
      return;
    }
    handle.disabled = line.first === null;
    if (line.first !== null) {
      Object.assign(handle, { min: String(line.first), max: String(line.now), step: String(MINUTE_MS) });
      this.#drawSkyline(line);
      this.#showHandle();
    }
  }

  /** The days as a quiet skyline. */
  #drawSkyline({ first, now, days }) {
    const canvas = this.#bar.querySelector('.time-skyline');
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    Object.assign(canvas, { width, height });
    const pen = canvas.getContext('2d');
    pen.fillStyle = window.getComputedStyle(canvas).color;
    const most = Math.max(1, ...days.map(([, n]) => n));
    const wide = Math.max(1, (width * DAY_MS) / (now - first));
    for (const [day, n] of days) {
      const x = ((Date.parse(day) - first) / (now - first)) * width;
      pen.fillRect(x, height - (n / most) * height, wide, height);
    }
  }

  #drag(at) {
    this.#say(at);
    this.#dragged(at);
  }

  /** An arrow is a step, of the chosen length. */
  #pressed(event) {
    const by = ARROWS[event.key];
    if (by) {
      event.preventDefault();
      this.#step(by);
    }
  }

  #step(by) {
    this.goTo(store.now() + by * this.#stepMs);
  }

  /** Nothing of this may be taken for the present. */
  #show() {
    const { asOf } = store.state;
    const machine = this.#machine;
    document.documentElement.toggleAttribute('data-past', Boolean(machine && asOf));
    if (!machine) {
      return;
    }
    machine.dataset.asOf = asOf;
    document.getElementById('past-banner').hidden = !asOf;
    if (asOf) {
      this.#say(Date.parse(asOf));
      if (this.#bar.hidden && this.#bar.childElementCount) {
        this.#toggle();
      }
    }
    this.#showHandle();
  }

  #say(at) {
    document.querySelector('.past-words').textContent = text('js.past.shown', {
      at: `${wallClock(at, store.state.zone).slice(0, 4)} ${moment(at)}`,
    });
  }

  #showHandle() {
    const handle = document.getElementById('time-handle');
    if (handle) {
      const at = store.now();
      handle.value = String(at);
      handle.setAttribute('aria-valuetext', moment(at));
      document.getElementById('time-at').value = wallClock(at, store.state.zone);
    }
  }

  #showPlay() {
    const play = document.getElementById('time-play');
    if (play) {
      const words = text(this.isPlaying ? 'js.past.pause' : 'js.past.play');
      play.textContent = this.isPlaying ? '❚❚' : '▶';
      play.title = words;
      play.setAttribute('aria-label', words);
    }
  }

  /** From the shown moment, from the beginning where that is now. */
  async #play() {
    const { first, now } = await this.#read();
    if (first === null || this.isPlaying) {
      return;
    }
    this.#turn += 1;
    const turn = this.#turn;
    this.#showPlay();
    try {
      await this.#playFrom(store.state.asOf ? store.now() : first, { turn, now });
    } catch {
      this.#page.toasts.show(text('js.past.failed'), { bad: true });
    }
    if (turn === this.#turn) {
      this.stopPlaying();
    }
  }

  async #playFrom(begin, { turn, now }) {
    let next = this.#ask(begin, now);
    while (next && turn === this.#turn) {
      const { answer, to } = await next;
      next = this.#ask(to, now);
      await this.#showFrames(answer, turn);
    }
    await next?.catch(() => {});
  }

  /** A stretch of frames, asked for before it is its turn; null where the present is reached. */
  #ask(at, end) {
    const by = this.#stepMs / MINUTE_MS;
    const part = stretch(at, { by, end, most: FRAMES });
    const map = this.#page.map;
    if (!part || !map?.scene) {
      return null;
    }
    const asked = { area: store.state.area, level: map.ground.fillLevel().level, step: by };
    const path = `/api/past/frames${query({ ...asked, from: wordOf(part.from), to: wordOf(part.to) })}`;
    return fetchJson(path).then((answer) => ({ answer, to: part.to }));
  }

  async #showFrames(answer, turn) {
    for (const [n, frame] of answer.frames.entries()) {
      const speed = Number(document.getElementById('time-speed')?.value || SPEEDS[1]);
      const due = performance.now() + 1000 / speed;
      if (turn !== this.#turn) {
        return;
      }
      this.#showFrame(frame, { ...answer, isFirst: n === 0 });
      await pause(Math.max(0, due - performance.now()));
    }
  }

  /** The first frame of an answer is whole: what is not in it went. */
  #showFrame(frame, { level, code, isFirst }) {
    store.set({ asOf: momentWord(frame.at) });
    this.#page.map?.playFrame(isFirst ? { ...frame, whole: true } : frame, { level, code });
    writeFigures(frame.figures);
  }
}
