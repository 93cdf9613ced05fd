/* The working pages: the page's root, the map as a component for Dash, and `window.gridboard` for automation. */
import { publish } from './automation.mjs';
import { registerGridMap } from './map/grid_map.mjs';
import { Page } from './page.mjs';

const page = new Page();
registerGridMap();
publish(page);
page.start();
