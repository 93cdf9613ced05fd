/* Moves of a case: one path for all of them, and words for what went wrong. */
import { uniqueKey } from '../core/dom.mjs';
import { casePath, postOnce } from '../core/http.mjs';
import { text } from '../core/words.mjs';

export const moveCase = ({ caseNo, ...body }) => postOnce(`${casePath(caseNo)}/moves`, body, uniqueKey());

/** A move as it is sent, and kept while it could not be. */
export const moveEntry = ({ caseNo, ...body }) => ({
  key: uniqueKey(),
  caseNo,
  label: `${caseNo} · ${text(`move.${body.move}`)}`,
  path: `${casePath(caseNo)}/moves`,
  body,
});

const nameOf = (organisation) => organisation?.name ?? organisation ?? '';

/** What a failed change means; the loser of a race learns who was first and what they chose. */
export function failureWords({ status, problem = {} }) {
  const { winner, current } = problem;
  if (status !== 409 || !winner) {
    return problem.detail || problem.title || text('js.not-sent');
  }
  return text('js.conflict', {
    who: [text(`role.${winner.role}`), nameOf(winner.organisation)].filter(Boolean).join(' · '),
    what: text(`move.${winner.move}`),
    holder: current?.holder?.name || '–',
  });
}
