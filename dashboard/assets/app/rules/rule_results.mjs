/* What a tried rule would change: counts by tier, and the grids that change, each of them a door. */
import { delegate, make } from '../core/dom.mjs';
import { number } from '../core/format.mjs';
import { text } from '../core/words.mjs';

const TIERS = ['key', 'watch', 'normal'];
const COLUMNS = ['now', 'then', 'gained', 'lost'];
const SHOWN = 200;

function tierMark(tier) {
  const mark = make('span', `tier-mark tier-${tier}`, text(`tier.mark.${tier}`));
  mark.title = text(`tier.${tier}`);
  return mark;
}

function countRow(tier, counts) {
  const row = make('tr');
  row.dataset.tier = tier;
  const head = make('th');
  head.scope = 'row';
  head.append(tierMark(tier), make('span', '', text(`tier.${tier}`)));
  const cells = COLUMNS.map((name) => {
    const cell = make('td', 'figures', number(counts[name]));
    cell.dataset.count = name;
    return cell;
  });
  row.append(head, ...cells);
  return row;
}

export function countTable(counts) {
  const table = make('table', 'table rule-count-table');
  const heads = make('tr');
  heads.append(make('th'), ...COLUMNS.map((name) => make('th', '', text(`js.rule.head.${name}`))));
  const head = make('thead');
  head.append(heads);
  const body = make('tbody');
  body.append(...TIERS.map((tier) => countRow(tier, counts[tier])));
  table.append(head, body);
  return table;
}

function moveRow({ code, from, to, score }, index) {
  const name = index?.get(code)?.name ?? code;
  const door = make('a', 'rule-move');
  door.href = `/map?area=${encodeURIComponent(code)}`;
  door.dataset.goArea = code;
  const said = { name, from: text(`tier.${from}`), to: text(`tier.${to}`), score: number(score) };
  door.setAttribute('aria-label', text('js.rule.move', said));
  const arrow = make('span', 'quiet', '→');
  door.append(
    tierMark(from),
    arrow,
    tierMark(to),
    make('span', 'rule-move-name', name),
    make('span', 'figures', number(score)),
  );
  const row = make('li');
  row.dataset.code = code;
  row.append(door);
  return row;
}

export class RuleResults {
  #page;

  constructor(page) {
    this.#page = page;
  }

  connect(signal) {
    const point = (row) => this.#page.map?.hover(row.dataset.code, { from: 'list' });
    for (const event of ['pointerover', 'focusin']) {
      delegate(event, '#rule-moved li', point, { signal });
    }
  }

  show(answer, { isTrial }) {
    document.getElementById('rule-counts')?.replaceChildren(countTable(answer.counts));
    const moved = isTrial ? answer.moved : [];
    const n = isTrial ? answer.moved_n : 0;
    const { index } = this.#page.map ?? {};
    const rows = moved.slice(0, SHOWN).map((move) => moveRow(move, index));
    if (n > rows.length) {
      rows.push(make('li', 'state-hint', text('js.rule.moved.more', { n: number(n - rows.length) })));
    }
    document.getElementById('rule-moved')?.replaceChildren(...rows);
    this.#say(this.#titleOf(isTrial, n));
  }

  #titleOf(isTrial, n) {
    if (!isTrial) {
      return text('js.rule.same');
    }
    return n ? text('js.rule.moved', { n: number(n) }) : text('js.rule.moved.none');
  }

  /** Whether what is shown is of an earlier position. */
  busy(isBusy) {
    document.getElementById('rule-counts')?.setAttribute('aria-busy', String(isBusy));
  }

  /** The last result stays, with what is to be done before the next. */
  fail(words) {
    const counts = document.getElementById('rule-counts');
    if (counts?.querySelector('.skeleton')) {
      counts.replaceChildren();
    }
    this.#say(words);
  }

  #say(words) {
    const title = document.getElementById('rule-moved-title');
    if (title) {
      title.textContent = words;
    }
  }
}
