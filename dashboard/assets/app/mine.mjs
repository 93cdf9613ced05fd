/* The handlers' page: it needs neither Dash nor the map. */
import { startActions } from './core/dom.mjs';
import { HandlerPage } from './mine/handler_page.mjs';

startActions();
new HandlerPage(document.querySelector('.mine').dataset.user).start();
