/* Numbers and times as the reader's language writes them; one formatter a locale and a form. Times of the
   deployment's zone. */
import { store } from './store.mjs';
import { text } from './words.mjs';

const MINUTE_MS = 60000;
const HOUR_MS = 60 * MINUTE_MS;
const formatters = new Map();

const language = () => document.documentElement.lang || 'zh-CN';

function formatter(Kind, options) {
  const key = JSON.stringify([Kind.name, language(), options]);
  if (!formatters.has(key)) {
    formatters.set(key, new Kind(language(), options));
  }
  return formatters.get(key);
}

function time(options, at) {
  const form = { ...options, hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: store.state.zone };
  return formatter(Intl.DateTimeFormat, form).format(new Date(at));
}

export const number = (n) => formatter(Intl.NumberFormat, {}).format(n);
/** Day, hour and minute. */
export const moment = (at) => time({ month: 'numeric', day: 'numeric' }, at);
export const timeOfDay = (at) => time({}, at);
export const timeToSecond = (at) => time({ second: '2-digit' }, at);

/** The day of a moment in the deployment's zone: 2026-11-20. */
export const dayOfZone = (at) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: store.state.zone }).format(new Date(at)).slice(0, 10);

/** A month or a day as the address writes it, in words. */
export function monthName(words) {
  const [year, month, day] = words.split('-').map(Number);
  const form = { year: 'numeric', month: 'short', ...(day && { day: 'numeric' }), timeZone: 'UTC' };
  return formatter(Intl.DateTimeFormat, form).format(Date.UTC(year, month - 1, day || 1));
}

/** 0 to 23, in the deployment's zone. */
export const hourOfDay = (at) => Number(timeOfDay(at).slice(0, 2));

/** Until when: the end of a day is its 24:00, never the next day's 0:00. */
export function deadline(value) {
  const at = Date.parse(value);
  const midnight = at % MINUTE_MS === 0 && timeOfDay(at) === '00:00';
  return midnight ? moment(at - MINUTE_MS).replace('23:59', '24:00') : moment(at);
}

/** A length of time in its largest one or two units, as `dashboard/words/formats.py` says it; never seconds. */
export function duration(ms) {
  const minutes = Math.max(0, Math.floor(ms / MINUTE_MS));
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  const parts = [];
  if (days) {
    parts.push(['days', days], ...(hours && days < 10 ? [['hours', hours]] : []));
  } else if (hours) {
    parts.push(['hours', hours], ...(rest ? [['minutes', rest]] : []));
  } else {
    parts.push(['minutes', rest]);
  }
  return parts.map(([unit, n]) => text(`time.${unit}`, { n })).join(text('time.joiner'));
}

/** Whether and how long until a moment (milliseconds or RFC 3339; null: no clock), and by the clock of which step: the
    twin of `clock` in dashboard/words/formats.py. */
export function timeLeft(due, step = null) {
  if (due === null || due === undefined) {
    return { className: '', text: '–', overdue: false };
  }
  const left = (typeof due === 'string' ? Date.parse(due) : due) - store.now();
  const overdue = left < 0;
  const state = overdue ? 'overdue' : 'left';
  const length = duration(Math.abs(left));
  const soon = left < HOUR_MS ? 'soon' : '';
  return {
    className: overdue ? 'late' : soon,
    text: step
      ? text(`clock.of.${state}`, { step: text(`clock.step.${step}`), length })
      : text(`clock.${state}`, { length }),
    overdue,
  };
}

/** How long ago, within a day; null for other times, which are said as a date: the twin of `relative` in
    dashboard/words/formats.py. */
export function relative(since) {
  const ms = store.now() - Date.parse(since);
  if (ms < 0 || ms >= 24 * HOUR_MS) {
    return null;
  }
  return ms < MINUTE_MS ? text('time.now') : text('time.ago', { length: duration(ms) });
}

export const age = (since) => text('js.age', { length: duration(store.now() - Date.parse(since)) });
