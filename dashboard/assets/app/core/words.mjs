/* Words in the reader's language, by key; the server sends those that scripts use. */

let texts = {};
let plurals = new Intl.PluralRules('zh-CN');

export function useTexts(found, locale) {
  texts = found;
  plurals = new Intl.PluralRules(locale.replace('_', '-'));
}

/** Plural forms come as a list in gettext's order: for English one, other. `n` may be a number as it is written. */
function pluralForm(forms, n) {
  const category = plurals.select(Number(String(n).replace(/\D/g, '')));
  return forms[category === 'one' ? 0 : forms.length - 1];
}

/** The words of a key with {names} filled in; the key itself where nobody knows it. */
export function text(key, values = {}) {
  const words = texts[key] ?? key;
  const form = Array.isArray(words) ? pluralForm(words, values.n) : words;
  return form.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}
