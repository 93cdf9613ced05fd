/* Several chosen cases: bodies that could take all of them, one dispatch, a report of each. */
(function () {
  'use strict';
  const gridboard = window.gridboard;
  const { make, action, debounced } = gridboard.ui;
  const ASKED_AT_ONCE = 4;
  let cases = [];

  const tray = () => document.getElementById('tray');
  const part = (name) => tray().querySelector(`.tray-${name}`);

  async function each(items, work) {
    const left = [...items];
    const worker = async () => { while (left.length) { await work(left.shift()); } };
    await Promise.all(Array.from({ length: Math.min(ASKED_AT_ONCE, items.length) }, worker));
  }

  /** The bodies that every chosen case could go to, the best sum of ranks first. */
  async function common(numbers) {
    const bodies = new Map();
    await each(numbers, async (no) => {
      const answer = await gridboard.fetchJson(`/api/cases/${encodeURIComponent(no)}/recommendations`);
      (answer.items || answer).forEach((body) => {
        const known = bodies.get(body.organisation) || { ...body, times: 0, ranks: 0 };
        known.times += 1;
        known.ranks += body.rank;
        bodies.set(body.organisation, known);
      });
    });
    return [...bodies.values()].filter((body) => body.times === numbers.length).sort((a, b) => a.ranks - b.ranks);
  }

  function option(body, first) {
    const row = make('div', 'candidate');
    row.setAttribute('role', 'radio');
    row.setAttribute('aria-checked', String(first));
    row.tabIndex = first ? 0 : -1;
    row.dataset.organisation = body.organisation;
    const inside = make('div', 'candidate-body');
    const load = gridboard.text('js.load', { load: body.open_load, capacity: body.capacity || '–' });
    const line = make('div', 'candidate-line');
    line.append(make('span', 'candidate-name', body.name), make('span', 'quiet', load));
    inside.append(line);
    row.append(inside);
    row.addEventListener('click', () => part('candidates').querySelectorAll('[role="radio"]').forEach((other) => other.setAttribute('aria-checked', String(other === row))));
    return row;
  }

  const fill = debounced(200, async (numbers) => {
    part('candidates').replaceChildren(make('div', 'skeleton-bar'));
    part('submit').disabled = true;
    let bodies = [];
    try { bodies = await common(numbers); } catch (failure) { /* none may be shown */ }
    if (numbers !== cases || !tray()) { return; }
    part('candidates').replaceChildren(...(bodies.length ? bodies.slice(0, 6).map((body, n) => option(body, !n)) : [make('p', 'state-hint', gridboard.text('js.tray.none'))]));
    part('submit').disabled = !bodies.length;
  });

  function show(numbers) {
    cases = numbers;
    if (!tray()) { return; }
    tray().hidden = numbers.length < 2;
    if (tray().hidden) { return; }
    part('count').textContent = gridboard.text('js.tray.count', { n: numbers.length });
    part('results').replaceChildren();
    fill(numbers);
  }

  async function dispatchOne(no, to) {
    const row = make('div', 'tray-result', no);
    part('results').append(row);
    try {
      const now = await gridboard.fetchJson(`/api/cases/${encodeURIComponent(no)}`);
      await gridboard.moves.move({ caseNo: no, version: now.version, move: 'dispatch', to });
      row.append(make('span', 'tier-text-normal', gridboard.text('js.tray.done')));
      return true;
    } catch (failure) {
      row.classList.add('bad');
      row.append(make('span', '', gridboard.moves.words(failure)));
      return false;
    }
  }

  action('dispatch-selection', async (button) => {
    const chosen = part('candidates').querySelector('[aria-checked="true"]');
    if (!chosen) { return; }
    button.disabled = true;
    part('results').replaceChildren();
    let done = 0;
    await each(cases, async (no) => { if (await dispatchOne(no, Number(chosen.dataset.organisation))) { done += 1; } });
    gridboard.toast(gridboard.text('js.tray.result', { done, n: cases.length }), { bad: done < cases.length });
    gridboard.emit('refresh', {});
  });
  action('clear-selection', () => gridboard.select([]));
  gridboard.on('selection', ({ caseNos }) => show(caseNos));
}());
