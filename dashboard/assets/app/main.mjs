/* The working pages: the page's root, the components for Dash, and `window.gridboard` for automation. */
import { publish } from './automation.mjs';
import { registerGridMap } from './map/grid_map.mjs';
import { Page } from './page.mjs';
import { registerInput } from './panels/native_input.mjs';

const page = new Page();
registerGridMap();
registerInput();
publish(page);
page.start();
