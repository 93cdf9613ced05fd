/* A native input as a Dash component (dashboard/panels/options.py). React sets how it begins, and leaves it alone. */
const KNOWN = ['id', 'className', 'type', 'name', 'value', 'defaultValue', 'defaultChecked', 'role', 'placeholder'];
const TYPING = [
  'autoComplete',
  'spellCheck',
  'maxLength',
  'readOnly',
  'inputMode',
  'enterKeyHint',
  'min',
  'max',
  'step',
];
const NAMES = new RegExp(`^(${[...KNOWN, ...TYPING].join('|')}|(data|aria)-.+)$`);

function Input(props) {
  const own = Object.entries(props).filter(([name]) => NAMES.test(name));
  return window.React.createElement('input', Object.fromEntries(own));
}

/** Under the name by which the Python class is found. */
export function registerInput() {
  window.gridboard_components = { ...window.gridboard_components, Input };
}
