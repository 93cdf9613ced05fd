/* Events by name. What happens on the page and in the world: `case`, `tier`, `snapshot`, `painted`, ...
   (docs/front-end.md). */

export class Bus {
  #listeners = new Map();

  /** Answers with what ends the listening; a signal ends it as well. */
  on(event, listen, signal) {
    if (!this.#listeners.has(event)) {
      this.#listeners.set(event, new Set());
    }
    const listeners = this.#listeners.get(event);
    const off = () => listeners.delete(listen);
    listeners.add(listen);
    signal?.addEventListener('abort', off, { once: true });
    return off;
  }

  /** One listener that fails does not keep the others from hearing. */
  emit(event, data = {}) {
    for (const listen of [...(this.#listeners.get(event) || [])]) {
      try {
        listen(data);
      } catch (failure) {
        console.error(failure);
      }
    }
  }
}

export const bus = new Bus();
