/* Boundaries that changed while the page is open: the stream tells their versions, the page takes the new ones in
   place.

   What is drawn stays until the new tiles are there. A tile that is gone (404) is asked about too: once, then rarely.
   */
import { bus } from '../core/bus.mjs';
import { fetchJson } from '../core/http.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';

const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 60000;

/** Whether boundaries (`revision`, `levels`: level -> version) are others than those known. */
export function boundariesDiffer(told, known) {
  if (!told?.levels) {
    return false;
  }
  const levels = known?.levels || {};
  const names = Object.keys({ ...told.levels, ...levels });
  return told.revision !== known?.revision || names.some((level) => told.levels[level] !== levels[level]);
}

export class BoundaryVersions extends Part {
  #page;
  #asking = false;
  #later = 0;
  #wait = FIRST_WAIT_MS;
  #notBefore = 0;

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    bus.on('boundaries', (told) => this.#differ(told) && this.#take(), signal);
    bus.on('tile-gone', () => this.#gone(), signal);
    signal.addEventListener('abort', () => clearTimeout(this.#later), { once: true });
  }

  #differ(told) {
    return Boolean(store.state.config) && boundariesDiffer(told, store.state.config.boundaries);
  }

  /** Reads the levels again and lets everything that shows areas be read again. True when there were new ones. */
  async #take() {
    if (this.#asking) {
      return false;
    }
    this.#asking = true;
    try {
      const { boundaries, levels, deployment } = await fetchJson('/api/client');
      const changed = this.#differ(boundaries);
      if (changed) {
        store.set({ config: { ...store.state.config, boundaries, levels, deployment } });
        this.#announce();
      }
      return changed;
    } catch {
      return false;
    } finally {
      this.#asking = false;
    }
  }

  #announce() {
    bus.emit('areas-changed');
    this.#page.refreshArea();
    bus.emit('snapshot', { seq: store.state.seq });
    bus.emit('refresh');
  }

  /** The address that a tile had is none any more: ask for the versions, and not again for a while if they are the
      same. */
  async #gone() {
    if (Date.now() < this.#notBefore || this.#later) {
      return;
    }
    this.#notBefore = Date.now() + this.#wait;
    if (await this.#take()) {
      this.#wait = FIRST_WAIT_MS;
      return;
    }
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
    this.#later = setTimeout(() => {
      this.#later = 0;
      this.#take();
    }, this.#wait);
  }
}
