/* Requests to our own API: JSON in and out, the token on every change, failures that say what the server said. */
import { pathInPast } from './past.mjs';
import { store } from './store.mjs';
import { pause } from './timers.mjs';

export const RETRY_MS = [400, 1200, 3000];
/** What our server says of a request that is wrong as it is, and which of these are about the sender and not the
    content. */
const REFUSED = [400, 403, 404, 405, 409, 413, 415, 422];
const OF_THE_SENDER = ['csrf', 'foreign_origin', 'wrong_host'];
const OURS = 'urn:gridboard:problem:';
let csrfToken = null;
let sender = null;

/** `token` and `user`: promises of the session's token, which changes wait for, and of whose it is. */
export function useToken(token, user = null) {
  csrfToken = token;
  sender = user;
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
export async function fetchJson(asked, { method = 'GET', body, headers = {}, signal } = {}) {
  const path = method === 'GET' ? pathInPast(asked, store.state.asOf) : asked;
  const sent = { method, signal, headers: { Accept: 'application/json', ...headers }, credentials: 'same-origin' };
  if (method !== 'GET') {
    sent.headers['X-CSRF-Token'] = await csrfToken;
  }
  if (body !== undefined) {
    sent.headers['Content-Type'] = 'application/json';
    sent.body = JSON.stringify(body);
  }
  const answer = await window.fetch(path, sent);
  if (answer.ok) {
    return answer.status === 204 ? null : answer.json();
  }
  const failure = await failureOf(answer);
  if (failure.problem.code === 'csrf' && (await renewToken()) !== sent.headers['X-CSRF-Token']) {
    return fetchJson(asked, { method, body, headers, signal });
  }
  throw failure;
}

/** A file and the name that the server gives it. Raises as fetchJson does. */
export async function fetchFile(path) {
  const answer = await window.fetch(path, { headers: { Accept: '*/*' }, credentials: 'same-origin' });
  if (!answer.ok) {
    throw await failureOf(answer);
  }
  const [, name] = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get('Content-Disposition') ?? '') ?? [];
  return { name: name ? decodeURIComponent(name) : '', content: await answer.blob() };
}

/** Somebody has logged in again meanwhile: the token is another. It stays the same when it is another person: what was
    written here is not sent in another's name. */
async function renewToken() {
  const answer = await window.fetch('/api/session', { credentials: 'same-origin' });
  const { user, csrf_token: token } = answer.ok ? await answer.json() : {};
  if (token && user === (await sender)) {
    csrfToken = Promise.resolve(token);
  }
  return csrfToken;
}

/** Whether our server has refused the content itself: the same again would be refused again. Whatever else went wrong
    passes (a login, a limit, a proxy, a captive portal), and nothing is lost for it. */
export function isRefusal({ status, problem = {} }) {
  const ours = String(problem.type ?? '').startsWith(OURS);
  return ours && REFUSED.includes(status) && !OF_THE_SENDER.includes(problem.code);
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
