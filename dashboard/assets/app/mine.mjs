/* The handlers' page: it needs neither Dash nor the map. */
import './core/gridboard.mjs';
import './core/dom.mjs';
import './panels/moves.mjs';
import './panels/toast.mjs';
import './panels/move_forms.mjs';
import './mine/mine.mjs';
import './mine/pending.mjs';
