/* The pages of an admin: send again, switch automatic dispatch on and off. */
import { gridboard } from '../core/gridboard.mjs';

const { action } = gridboard.ui;
let state = 'dead';

const shown = (id, data) => window.dash_clientside.set_props(id, { data });

async function change(path, options, id, data, words) {
  try {
    await gridboard.fetchJson(path, options);
    if (words) {
      gridboard.toast(gridboard.text(words));
    }
  } catch (failure) {
    gridboard.toast(gridboard.moves.words(failure), { bad: true });
  }
  shown(id, data);
}

action('messages-state', (tab) => {
  state = tab.dataset.state;
  shown('messages-refresh', state);
});
action('messages-older', (button) => shown('messages-refresh', `${state} ${Date.now()} ${button.dataset.before}`));
action('send-again', (button) =>
  change(
    `/api/outbox/${button.dataset.id}/retry`,
    { method: 'POST' },
    'messages-refresh',
    `${state} ${Date.now()}`,
    'js.sent-again',
  ),
);
action('send-all-again', () =>
  change('/api/outbox/retry', { method: 'POST' }, 'messages-refresh', `${state} ${Date.now()}`, 'js.sent-again'),
);
const again = () => `${state} ${Date.now()}`;
const route = (button, verb) => `/api/outbox/routes/${encodeURIComponent(button.dataset.route)}/${verb}`;
action('resume-route', (button) => {
  if (!window.confirm(button.dataset.confirm)) {
    return;
  }
  change(route(button, 'resume'), { method: 'POST' }, 'messages-refresh', again(), 'js.route-resumed');
});
action('pause-route', (button) => {
  const box = document.getElementById(button.dataset.input);
  if (!box.value.trim()) {
    box.focus();
    gridboard.toast(gridboard.text('error.reason_required'), { bad: true });
    return;
  }
  change(
    route(button, 'pause'),
    { method: 'POST', body: { reason: box.value } },
    'messages-refresh',
    again(),
    'js.route-paused',
  );
});
action('switch-automatic', (button) => {
  const on = button.getAttribute('aria-checked') !== 'true';
  if (on && !window.confirm(button.dataset.confirm)) {
    return;
  }
  change(
    `/api/auto-dispatch/${encodeURIComponent(button.dataset.code)}`,
    { method: 'PUT', body: { on } },
    'automatic-refresh',
    String(Date.now()),
  );
});
