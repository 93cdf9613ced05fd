/* Where this device keeps things: Web Storage, or for a private window memory that lasts as long as the page. */

const PROBE = 'gridboard.probe';

/** The part of Web Storage that is used here, in memory. */
export class MemoryStorage extends Map {
  getItem(key) {
    return this.get(key) ?? null;
  }

  setItem(key, value) {
    this.set(key, value);
  }

  removeItem(key) {
    this.delete(key);
  }

  key(place) {
    return [...this.keys()][place] ?? null;
  }

  get length() {
    return this.size;
  }
}

function usable() {
  try {
    const { localStorage } = globalThis;
    localStorage.setItem(PROBE, '');
    localStorage.removeItem(PROBE);
    return localStorage;
  } catch {
    return new MemoryStorage();
  }
}

let found = null;

export function deviceStorage() {
  found ??= usable();
  return found;
}
