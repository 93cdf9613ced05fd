/* The one door to Dash's renderer. Both functions need a mounted layout: `setProps` before it throws. */

export const setProps = (id, props) => window.dash_clientside.set_props(id, props);

export const noUpdate = () => window.dash_clientside.no_update;

/** Functions that clientside callbacks name as ClientsideFunction("gridboard", NAME). */
export function registerCallbacks(functions) {
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.gridboard = { ...window.dash_clientside.gridboard, ...functions };
}
