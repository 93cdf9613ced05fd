/* The page's own small world: configuration, words, the bus, the address, requests. Everything else stands on it. */
export const gridboard = (window.gridboard = window.gridboard || {});
const listeners = new Map();
let config = null;
let chosen = [];
let headed = null;

function on(event, listen) {
  if (!listeners.has(event)) {
    listeners.set(event, new Set());
  }
  listeners.get(event).add(listen);
  return () => listeners.get(event).delete(listen);
}

/** One listener that fails does not keep the others from hearing. */
function emit(event, data) {
  (listeners.get(event) || []).forEach((listen) => {
    try {
      listen(data === undefined ? {} : data);
    } catch (failure) {
      window.console.error(failure);
    }
  });
}

/** Plural forms come as a list in the order of gettext: for English one, other. `n` may be a number as it is written. */
function pluralForm(forms, n) {
  const rules = new Intl.PluralRules(config.locale.replace('_', '-'));
  const category = rules.select(Number(String(n).replace(/\D/g, '')));
  return forms[category === 'one' ? 0 : forms.length - 1];
}

function text(key, values) {
  const words = config?.texts[key] || key;
  const form = Array.isArray(words) ? pluralForm(words, values?.n) : words;
  return form.replace(/\{(\w+)\}/g, (place, name) => values?.[name] ?? place);
}

/** What the address says: page, area, case, layers (null: as they are by default), list. */
function state() {
  const asked = new URLSearchParams(window.location.search);
  return {
    pathname: window.location.pathname,
    area: asked.get('area') || '',
    case: asked.get('case') || '',
    list: asked.get('list') || '',
    layers: asked.has('layers') ? asked.get('layers').split(',').filter(Boolean) : null,
  };
}

/** Writes changes into the address; the page follows. Null or '' takes a value out. */
function go(changes) {
  const asked = new URLSearchParams(window.location.search);
  Object.entries(changes).forEach(([name, value]) => {
    const words = Array.isArray(value) ? value.join(',') : value;
    if (words === null || words === undefined || (words === '' && !Array.isArray(value))) {
      asked.delete(name);
    } else {
      asked.set(name, words);
    }
  });
  const search = asked.toString() ? `?${asked}`.replace(/%2C/g, ',') : '';
  if (search === window.location.search) {
    return;
  }
  if (!document.getElementById('map')) {
    window.location.assign(`/map${search}`);
    return;
  }
  headed = asked.get('case') || '';
  window.dash_clientside.set_props('url', { search });
}

/** The case that the address says or is about to say: it changes a moment after it was asked to. */
function heading(arrived) {
  if (arrived) {
    headed = null;
  }
  return headed === null ? state().case : headed;
}

async function failureOf(answer) {
  const failure = new Error(`${answer.status} ${answer.url}`);
  failure.status = answer.status;
  try {
    failure.problem = await answer.json();
  } catch (_unreadable) {
    failure.problem = {};
  }
  return failure;
}

/** Options: method, body (an object), headers, signal. A failure carries `status` (0: no answer) and `problem`. */
async function fetchJson(path, options) {
  const { method = 'GET', body, headers = {}, signal } = options || {};
  const sent = { method, signal, headers: { Accept: 'application/json', ...headers }, credentials: 'same-origin' };
  if (method !== 'GET') {
    sent.headers['X-CSRF-Token'] = (await gridboard.boot).csrf_token;
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

function select(caseNos) {
  chosen = [...new Set(caseNos)];
  emit('selection', { caseNos: [...chosen] });
}

function theme() {
  return document.documentElement.dataset.theme === 'light' ? 'light' : 'dark';
}

async function start() {
  for (let pause = 500; ; pause = Math.min(pause * 2, 8000)) {
    try {
      config = await fetchJson('/api/client');
      gridboard.config = config;
      return config;
    } catch (failure) {
      if (failure.status && failure.status < 500) {
        throw failure;
      }
      await new Promise((done) => {
        window.setTimeout(done, pause);
      });
    }
  }
}

Object.assign(gridboard, {
  on,
  emit,
  text,
  state,
  heading,
  go,
  fetchJson,
  select,
  theme,
  selection: () => [...chosen],
  area: '',
  seq: 0,
  colours: () => (config ? config.theme_colours[theme()] : {}),
});
gridboard.boot = start();
gridboard.boot.catch(() => {
  /* without a session: the page itself leads to the login */
});
