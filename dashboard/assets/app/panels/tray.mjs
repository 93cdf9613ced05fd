/* How many cases are chosen, under the map; from here they go together. */
import { gridboard } from '../core/gridboard.mjs';

const { action } = gridboard.ui;

const tray = () => document.getElementById('tray');
/** Beside a queue one chosen case is shown as well: there are boxes to choose it by. */
const fewest = () => (gridboard.desk.here() ? 1 : 2);

function show(numbers) {
  if (!tray()) {
    return;
  }
  tray().hidden = numbers.length < fewest();
  if (tray().hidden) {
    return;
  }
  tray().querySelector('.tray-count').textContent = gridboard.text('js.tray.count', { n: numbers.length });
  tray().querySelector('.tray-told').textContent = gridboard.text('js.tray.told');
}

action('open-bulk', () => gridboard.bulk.open(gridboard.selection()));
action('clear-selection', () => gridboard.select([]));
gridboard.on('selection', ({ caseNos }) => show(caseNos));
gridboard.on('desk', () => show(gridboard.selection()));
