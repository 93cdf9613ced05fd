/* A list of cases taken away: as a file, or on paper. */
import { make } from '../core/dom.mjs';
import { fetchFile, query } from '../core/http.mjs';
import { text } from '../core/words.mjs';
import { failureWords } from './moves.mjs';

const KEPT_MS = 60000;

/** Hands a file to the browser under its name. */
function saveFile({ name, content }) {
  const link = make('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}

/** The file of what is filtered and shown. The button waits: a long list takes seconds. */
export async function exportList(button, asked, toasts) {
  button.disabled = true;
  button.setAttribute('aria-busy', 'true');
  try {
    const file = await fetchFile(`/api/export/cases.${button.dataset.file}${query(asked)}`);
    saveFile(file);
    toasts.show(text('js.list.exported', { name: file.name }));
  } catch (failure) {
    toasts.show(failure.problem?.detail ? failureWords(failure) : text('js.list.not-exported'), { bad: true });
  } finally {
    button.disabled = false;
    button.removeAttribute('aria-busy');
  }
}

/** A page of its own, which is printed as soon as it is there. */
export function printList(asked) {
  const page = window.open(`/print/cases${query(asked)}`, '_blank');
  page?.addEventListener('load', () => page.print());
}
