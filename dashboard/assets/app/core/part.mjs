/* A part of the page. `start` and `stop` come in pairs and may be called twice; whatever listens by the signal ends
   with it. */

export class Part {
  #running = null;

  start() {
    if (!this.#running) {
      this.#running = new AbortController();
      this.connect(this.#running.signal);
    }
  }

  stop() {
    this.#running?.abort();
    this.#running = null;
  }

  /** Begins to listen, until the signal aborts. */
  connect(_signal) {}
}
