/* Keys for the whole page. Nothing happens while somebody types. */
(function () {
  'use strict';
  const gridboard = window.gridboard;

  const typing = (element) => element && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));

  function parent() {
    const crumbs = document.querySelectorAll('#breadcrumb .crumb');
    return crumbs.length > 1 ? crumbs[crumbs.length - 2].dataset.goArea : null;
  }

  function up() {
    const code = parent();
    if (code) { gridboard.go({ area: code, case: null, list: null }); }
  }

  function escape() {
    if (gridboard.dialogs.close()) { return; }
    gridboard.closeMenu();
    if (gridboard.stopPicking && gridboard.stopPicking()) { return; }
    if (gridboard.selection().length) { gridboard.select([]); return; }
    if (gridboard.state().case) { const close = document.querySelector('[data-action="close-case"]'); if (close) { close.click(); } return; }
    if (gridboard.list) { gridboard.go({ list: null }); return; }
    up();
  }

  function step(by) {
    const rows = gridboard.panel.queue();
    const at = rows.indexOf(gridboard.state().case);
    const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next) { gridboard.go({ case: next }); }
  }

  function press(selector) { const element = document.querySelector(selector); if (element) { element.click(); } }

  function dispatch() { const button = gridboard.panel.likely(); if (button) { button.click(); } }

  const keys = {
    '/': () => document.getElementById('search').focus(),
    '?': () => gridboard.dialogs.open('help-dialog'),
    Escape: escape,
    Backspace: up,
    j: () => step(1),
    k: () => step(-1),
    d: dispatch,
    u: () => gridboard.undo() || gridboard.panel.press('recall'),
    l: () => press('[data-action="layers"], #layers-toggle, .layers-toggle'),
    f: () => (gridboard.fit ? gridboard.fit() : press('[data-action="fit"]')),
    t: () => window.gridboardTheme.toggle(),
  };

  document.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') { event.preventDefault(); keys['/'](); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) { return; }
    if (typing(event.target) && event.key !== 'Escape') { return; }
    if (gridboard.dialogs.current() && event.key !== 'Escape') { return; }
    if (/^[1-9]$/.test(event.key)) { if (gridboard.panel.choose(Number(event.key))) { event.preventDefault(); } return; }
    const work = keys[event.key];
    if (!work || (event.key === '/' && !document.getElementById('search'))) { return; }
    event.preventDefault();
    work();
  });
}());
