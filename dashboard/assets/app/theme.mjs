/* Dark or light: applied before the first paint (this file stands in the head), remembered by the browser. */
const KEY = 'gridboard.theme';
const root = document.documentElement;

function remembered() {
  try {
    return window.localStorage.getItem(KEY);
  } catch (_refused) {
    return null;
  }
}

function preferred() {
  return window.matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
}

function apply(theme) {
  root.dataset.theme = theme;
  root.style.colorScheme = theme;
}

function toggle() {
  const next = root.dataset.theme === 'dark' ? 'light' : 'dark';
  try {
    window.localStorage.setItem(KEY, next);
  } catch (_refused) {
    /* a private window forgets it */
  }
  apply(next);
  window.dispatchEvent(new CustomEvent('gridboard:theme', { detail: next }));
}

apply(remembered() || preferred());
window.gridboardTheme = { toggle };
