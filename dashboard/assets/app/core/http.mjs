/* Requests to our own API: JSON in and out, the token on every change, failures that say what the server said. */
import { pause } from './timers.mjs';

const RETRY_MS = [400, 1200, 3000];
let csrfToken = null;

/** `token`: a promise of the session's token; changes wait for it. */
export function useToken(token) {
  csrfToken = token;
}

/** `status` 0: no answer. `problem`: the problem document, or {}. */
export class HttpFailure extends Error {
  constructor(message, status, problem) {
    super(message);
    this.status = status;
    this.problem = problem;
  }
}

async function failureOf(answer) {
  const problem = await answer.json().catch(() => ({}));
  return new HttpFailure(`${answer.status} ${answer.url}`, answer.status, problem);
}

/** Options: method, body (an object), headers, signal. Raises HttpFailure, or what fetch raises when there is no
    answer. */
export async function fetchJson(path, { method = 'GET', body, headers = {}, signal } = {}) {
  const sent = { method, signal, headers: { Accept: 'application/json', ...headers }, credentials: 'same-origin' };
  if (method !== 'GET') {
    sent.headers['X-CSRF-Token'] = await csrfToken;
  }
  if (body !== undefined) {
    sent.headers['Content-Type'] = 'application/json';
    sent.body = JSON.stringify(body);
  }
  const answer = await window.fetch(path, sent);
  if (!answer.ok) {
    throw await failureOf(answer);
  }
  return answer.status === 204 ? null : answer.json();
}

/** No answer, or one that says "not now": the same may be asked again. */
export const isPassing = ({ status }) => !status || status === 502 || status === 503;

/** Posts with an idempotency key, again with the same one while the failure is passing: it has one effect. */
export async function postOnce(path, body, key) {
  for (let turn = 0; ; turn += 1) {
    try {
      return await fetchJson(path, { method: 'POST', body, headers: { 'Idempotency-Key': key } });
    } catch (failure) {
      if (!isPassing(failure) || turn >= RETRY_MS.length) {
        throw failure;
      }
      await pause(RETRY_MS[turn]);
    }
  }
}

/** A last word that outlives the page: the answer is not waited for. */
export async function sendBeacon(path, method, body) {
  const headers = { 'X-CSRF-Token': await csrfToken, ...(body ? { 'Content-Type': 'application/json' } : {}) };
  const sent = { method, keepalive: true, credentials: 'same-origin', headers };
  window.fetch(path, body ? { ...sent, body: JSON.stringify(body) } : sent).catch(() => {
    /* gone */
  });
}

/** `?a=1&b=2` of what is not empty, or ''. */
export function query(values) {
  const filled = Object.entries(values).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  return filled.length ? `?${new URLSearchParams(filled)}` : '';
}

export const areaPath = (code) => `/api/areas/${encodeURIComponent(code)}`;
export const casePath = (no) => `/api/cases/${encodeURIComponent(no)}`;
