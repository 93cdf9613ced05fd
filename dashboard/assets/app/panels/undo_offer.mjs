/* What whoever made a move may take back for a moment: by which move, and across a reload of the page. */
const KEY = 'gridboard.undo';
/** rules/checks.py, UNDO_TIME; a dispatch can be recalled until it is signed, but is offered as long. */
export const UNDO_S = 30;
const TAKEN_BACK_BY = { dispatch: 'recall', settle: 'undo_settle' };

/** The move that takes another back, or null. */
export const takenBackBy = (move) => TAKEN_BACK_BY[move] ?? null;

/** For the page that comes next. */
export function keepOffer({ caseNo, version, move }, now = Date.now()) {
  const until = now + UNDO_S * 1000;
  window.sessionStorage.setItem(KEY, JSON.stringify({ caseNo, version, move, until }));
}

/** The offer that was kept, with the seconds that are left; null when there is none any more. */
export function takeOffer(now = Date.now()) {
  const kept = JSON.parse(window.sessionStorage.getItem(KEY));
  window.sessionStorage.removeItem(KEY);
  const seconds = kept ? Math.floor((kept.until - now) / 1000) : 0;
  return seconds > 0 ? { ...kept, seconds } : null;
}
