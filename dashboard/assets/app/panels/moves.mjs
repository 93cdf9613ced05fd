/* Moves of a case go out by one path: token, key, retries with the same key, words for what went wrong. */
import { gridboard } from '../core/gridboard.mjs';

const PAUSES_MS = [400, 1200, 3000];

const wait = (length) =>
  new Promise((done) => {
    window.setTimeout(done, length);
  });

/** No answer, or one that says "not now": the same question may be asked again, it has one effect. */
function passing(failure) {
  return !failure.status || failure.status === 503 || failure.status === 502;
}

async function send(path, body) {
  const key = gridboard.ui.key();
  for (let turn = 0; ; turn += 1) {
    try {
      return await gridboard.fetchJson(path, { method: 'POST', body, headers: { 'Idempotency-Key': key } });
    } catch (failure) {
      if (!passing(failure) || turn >= PAUSES_MS.length) {
        throw failure;
      }
      await wait(PAUSES_MS[turn]);
    }
  }
}

function move({ caseNo, ...body }) {
  return send(`/api/cases/${encodeURIComponent(caseNo)}/moves`, body);
}

/** What a failed move means, in words; the loser of a race learns who was first and what they chose. */
function words(failure) {
  const problem = failure.problem || {};
  const winner = problem.winner;
  if (failure.status === 409 && winner) {
    const current = problem.current || {};
    const holder = current.holder ? current.holder.name : '';
    return gridboard.text('js.conflict', {
      who: [gridboard.text(`role.${winner.role}`), organisation(winner.organisation)].filter(Boolean).join(' · '),
      what: gridboard.text(`move.${winner.move}`),
      holder: holder || '–',
    });
  }
  return problem.detail || problem.title || gridboard.text('js.not-sent');
}

function organisation(value) {
  return value && typeof value === 'object' ? value.name : value || '';
}

gridboard.moves = { send, move, words };
