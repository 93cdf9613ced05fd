/* Dialogs, one at a time. The browser keeps the focus inside, closes by Escape and gives the focus back; here a press
   beside the card closes too, and a dialog can be set aside while the page is used. */
import { bus } from '../core/bus.mjs';
import { action } from '../core/dom.mjs';
import { Part } from '../core/part.mjs';

export class Dialogs extends Part {
  #shown = null;
  #aside = null;
  #pressed = null;

  connect(signal) {
    action('close-dialog', () => this.close());
    // it does not bubble
    document.addEventListener('close', ({ target }) => this.#closed(target), { signal, capture: true });
    const pressed = ({ target }) => {
      this.#pressed = target;
    };
    document.addEventListener('pointerdown', pressed, { signal, capture: true });
    document.addEventListener('click', ({ target }) => this.#clicked(target), { signal });
  }

  get current() {
    return document.querySelector('dialog[open]');
  }

  isOpen(id) {
    return this.current?.id === id;
  }

  open(id) {
    const dialog = document.getElementById(id);
    if (dialog) {
      this.close();
      this.#forgetAside();
      this.#show(dialog);
    }
  }

  close() {
    const dialog = this.current;
    dialog?.close();
    this.#closed(dialog);
  }

  /** The page can be used meanwhile, and nothing in the dialog is lost. */
  setAside() {
    this.#aside = this.current;
    this.#shown = null;
    this.#aside.close();
    bus.emit('dialog-front');
  }

  bringBack() {
    const dialog = this.#aside;
    this.#aside = null;
    if (dialog?.isConnected) {
      this.#show(dialog);
    }
  }

  #show(dialog) {
    this.#shown = dialog;
    dialog.showModal();
    bus.emit('dialog-front');
  }

  /** Told once for each closing: at once by `close`, and by the browser's event, which comes later. */
  #closed(dialog) {
    if (dialog && dialog === this.#shown && !dialog.open) {
      this.#shown = null;
      bus.emit('dialog-front');
      bus.emit('dialog-closed', { id: dialog.id });
    }
  }

  #forgetAside() {
    const dialog = this.#aside;
    this.#aside = null;
    if (dialog) {
      bus.emit('dialog-closed', { id: dialog.id });
    }
  }

  /** The backdrop is the dialog itself. A drag that only ends there (letters being marked) is no click on it. One that
      shows what is told once stays. */
  #clicked(target) {
    if (target === this.current && target === this.#pressed && !target.dataset.stays) {
      this.close();
    }
  }
}
