/* The lists read pages of /api/cases by keyset cursor, one block after the other. A refresh keeps scroll and focus. */
import { gridboard } from '../core/gridboard.mjs';

const { debounced, scale } = gridboard.ui;
const grids = new Map();
const BLOCK = 100;
const HELD_MS = 1500;

function filters(grid) {
  const asked = { ...(grid.status ? { status: grid.status } : {}) };
  const opened = grid.name === 'list-open' && gridboard.list && gridboard.scene?.lists[gridboard.list];
  const base = opened && gridboard.list !== 'waiting' ? opened : asked;
  const chips = {};
  grid.section.querySelectorAll('.filter-chip[aria-pressed="true"]').forEach((chip) => {
    chips[chip.dataset.filter] = chip.dataset.value;
  });
  const words = grid.section.querySelector('input.dash-input-element');
  return { ...base, ...chips, ...(words?.value.trim() ? { q: words.value.trim() } : {}) };
}

function question(grid, sort, cursor) {
  const asked = new URLSearchParams(filters(grid));
  if (gridboard.asked?.area) {
    asked.set('area', gridboard.asked.area);
  }
  asked.set('limit', BLOCK);
  if (sort) {
    asked.set('sort', sort);
  } else if (!asked.has('settled_from')) {
    asked.set('sort', 'due_at');
  }
  if (cursor) {
    asked.set('cursor', cursor);
  }
  return `/api/cases?${asked}`;
}

function sorted(model) {
  return model.length ? (model[0].sort === 'desc' ? '-' : '') + model[0].colId : '';
}

/** The cursor before a block; blocks passed over by a jump of the scroll bar are walked through. */
async function cursorOf(grid, block, sort) {
  let known = block;
  while (known > 0 && grid.cursors[known] === undefined) {
    known -= 1;
  }
  for (; known < block; known += 1) {
    const page = await gridboard.fetchJson(question(grid, sort, grid.cursors[known]));
    grid.cursors[known + 1] = page.next_cursor;
  }
  return grid.cursors[block];
}

function source(grid) {
  return {
    async getRows(asked) {
      const turn = grid.turn;
      const block = asked.startRow / BLOCK;
      const sort = sorted(asked.sortModel);
      if (grid.sort !== sort) {
        grid.sort = sort;
        grid.cursors = [null];
      }
      try {
        const cursor = await cursorOf(grid, block, sort);
        const page = await gridboard.fetchJson(question(grid, sort, cursor));
        if (turn !== grid.turn) {
          asked.failCallback();
          return;
        }
        grid.cursors[block + 1] = page.next_cursor;
        asked.successCallback(page.items, page.next_cursor ? -1 : asked.startRow + page.items.length);
        if (block === 0) {
          grid.first = page.items;
        }
        tell(grid, page.total);
      } catch (failure) {
        asked.failCallback();
        if (turn === grid.turn) {
          silent(grid, gridboard.text(failure.status === 403 ? 'js.list.forbidden' : 'js.list.failed'), '');
        }
      }
    },
  };
}

function silent(grid, words, hint) {
  const nothing = grid.section.querySelector('.list-empty');
  nothing.querySelector('.state-words').textContent = words;
  nothing.querySelector('.state-hint').textContent = hint;
  nothing.hidden = !words;
}

function tell(grid, total) {
  grid.total = total;
  document.getElementById(`${grid.name}-total`).textContent = new Intl.NumberFormat(
    document.documentElement.lang,
  ).format(total);
  const at = new Intl.DateTimeFormat(document.documentElement.lang, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: gridboard.zone,
  }).format(gridboard.now());
  const empty = total ? '' : gridboard.text(grid.status === 'waiting' ? 'js.list.none-waiting' : 'js.list.none');
  silent(grid, empty, total ? '' : gridboard.text('js.list.checked', { at }));
  gridboard.emit('listed', { list: grid.name, total });
}

/** Asks again from the start: another area, another filter. */
function restart(grid) {
  grid.turn += 1;
  grid.cursors = [null];
  silent(grid, '', '');
  label(grid);
  if (grid.api) {
    grid.api.ensureIndexVisible(0, 'top');
    grid.api.purgeInfiniteCache();
  }
}

function label(grid) {
  const chip = grid.section.querySelector('.list-filter');
  const name =
    grid.name === 'list-open' && gridboard.list && !['open', 'waiting'].includes(gridboard.list) ? gridboard.list : '';
  chip.hidden = !name;
  if (name) {
    chip.querySelector('.list-filter-name').textContent = gridboard.text(`js.list.${name}`);
  }
  const wanted = gridboard.list === 'waiting' ? 'list-waiting' : gridboard.list ? 'list-open' : '';
  grid.section.classList.toggle('opened', wanted === grid.name);
  if (wanted === grid.name) {
    grid.section.scrollIntoView({ block: 'nearest' });
  }
}

/** Reads the loaded blocks again, but not under a hand that is about to click. */
function renew(grid) {
  const held = Date.now() - grid.touched;
  if (held < HELD_MS) {
    window.setTimeout(() => renew(grid), HELD_MS - held);
    return;
  }
  if (grid.api && !grid.api.isDestroyed()) {
    grid.api.refreshInfiniteCache();
  }
}

function name(row) {
  if (row.nodeType !== 1 || !row.classList.contains('ag-row')) {
    return;
  }
  const id = row.getAttribute('row-id');
  if (id && !/^\d+$/.test(id)) {
    row.dataset.caseNo = id;
  } else {
    delete row.dataset.caseNo;
  }
  row.classList.toggle('chosen', Boolean(id) && id === gridboard.chosen);
  row.classList.toggle('picked', gridboard.selection().includes(id));
}

function nameAll() {
  document.querySelectorAll('.case-grid .ag-row').forEach(name);
}

function watch(grid) {
  new MutationObserver((changes) =>
    changes.forEach((change) => {
      if (change.type === 'attributes') {
        name(change.target);
      } else {
        change.addedNodes.forEach((node) => {
          if (node.nodeType === 1) {
            name(node);
            node.querySelectorAll('.ag-row').forEach(name);
          }
        });
      }
    }),
  ).observe(grid.section, { subtree: true, childList: true, attributes: true, attributeFilter: ['row-id'] });
  grid.section.addEventListener('pointermove', () => {
    grid.touched = Date.now();
  });
  grid.section.addEventListener('pointerleave', () => {
    grid.touched = 0;
  });
}

function open(row, event) {
  if (!row.data) {
    return;
  }
  const no = row.data.case_no;
  if (event?.shiftKey) {
    const now = gridboard.selection();
    gridboard.select(now.includes(no) ? now.filter((other) => other !== no) : [...now, no]);
  } else {
    gridboard.go({ case: no });
  }
}

async function adopt(section) {
  const grid = {
    name: section.dataset.caseList,
    status: section.dataset.status,
    section,
    cursors: [null],
    turn: 0,
    touched: 0,
    first: [],
    sort: '',
  };
  grids.set(grid.name, grid);
  watch(grid);
  const api = await window.dash_ag_grid.getApiAsync(grid.name);
  if (!section.isConnected) {
    return;
  }
  await gridboard.boot;
  grid.api = api;
  api.addEventListener('rowClicked', (event) => open(event, event.event));
  api.addEventListener('cellKeyDown', (event) => {
    if (event.event.key === 'Enter') {
      open(event, event.event);
    }
  });
  label(grid);
  await feed(grid, source(grid));
}

/** The grid measures in pixels: on a wall its rows grow with the page. */
function enlarge(api, size) {
  if (size === 1) {
    return;
  }
  api.setGridOption('rowHeight', 52 * size);
  api.setGridOption('headerHeight', 30 * size);
  api.setGridOption(
    'columnDefs',
    api.getColumnDefs().map((column) => (column.flex ? column : { ...column, width: column.width * size })),
  );
}

/** The component sets a source of its own when the grid is ready, in its own time: ours has to come after it. */
async function feed(grid, own) {
  const pause = () =>
    new Promise((done) => {
      window.setTimeout(done, 20);
    });
  for (let turn = 0; turn < 250 && !grid.api.isDestroyed() && !grid.api.getGridOption('datasource'); turn += 1) {
    await pause();
  }
  if (grid.api.isDestroyed()) {
    return;
  }
  enlarge(grid.api, scale());
  grid.api.setGridOption('datasource', own);
}

const all = (work) =>
  grids.forEach((grid) => {
    if (grid.section.isConnected) {
      work(grid);
    } else {
      grids.delete(grid.name);
    }
  });
const renewAll = debounced(400, () => all(renew));
const restartAll = debounced(0, () => all(restart));

new MutationObserver(() =>
  document.querySelectorAll('[data-case-list]').forEach((section) => {
    if (!section.adopted) {
      section.adopted = true;
      adopt(section);
    }
  }),
).observe(document.documentElement, { childList: true, subtree: true });

gridboard.on('area', restartAll);
gridboard.on('list', restartAll);
gridboard.on('scene', () => {
  if (gridboard.list) {
    restartAll();
  }
});
gridboard.on('case', renewAll);
gridboard.on('snapshot', renewAll);
gridboard.on('refresh', renewAll);
gridboard.on('chosen', (no) => {
  gridboard.chosen = no;
  nameAll();
});
gridboard.on('selection', nameAll);
// Times left pass without any event: the cells are drawn again each minute, nothing is fetched.
window.setInterval(
  () =>
    all((grid) => {
      if (grid.api && !grid.api.isDestroyed()) {
        grid.api.refreshCells({ columns: ['due_at'], force: true });
      }
    }),
  60000,
);

gridboard.lists = { grids, restartAll, renewAll };
