/* Leaving the device: nobody who comes next finds words about a case on it, and what was not sent goes only with a
   person's word. */
import { text } from '../core/words.mjs';

/** Whether to go on; then nothing is kept here any more. */
export function confirmLeaving({ unsent, drafts }) {
  const kept = [
    ['js.unsent.leave', unsent.size],
    ['js.draft.leave', drafts.size],
  ].filter(([, n]) => n);
  const words = [...kept.map(([key, n]) => text(key, { n })), text('js.leave.sure')];
  if (kept.length && !window.confirm(words.join(''))) {
    return false;
  }
  unsent.forget();
  drafts.forgetAll();
  return true;
}
