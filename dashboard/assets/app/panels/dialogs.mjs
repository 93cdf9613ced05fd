/* Dialogs: open with the focus inside, close with Escape, the ground or the cross, give the focus back. */
import { bus } from '../core/bus.mjs';
import { action } from '../core/dom.mjs';
import { Part } from '../core/part.mjs';

const STOPS = 'button:not([tabindex="-1"]), input, textarea';
const FIRST = '.dialog-body button:not([disabled]), .dialog-body input';

export class Dialogs extends Part {
  #focusBefore = null;

  connect(signal) {
    action('close-dialog', () => this.close());
    document.addEventListener('keydown', (event) => this.#keepFocusInside(event), { signal });
    const onGround = (event) => {
      if (event.target.classList?.contains('dialog-ground')) {
        this.close();
      }
    };
    document.addEventListener('pointerdown', onGround, { signal });
  }

  get current() {
    return document.querySelector('.dialog-ground:not([hidden])');
  }

  isOpen(id) {
    return this.current?.id === id;
  }

  open(id) {
    const ground = document.getElementById(id);
    if (!ground) {
      return;
    }
    this.close();
    this.#focusBefore = document.activeElement;
    ground.hidden = false;
    const first = ground.querySelector(FIRST) || ground.querySelector('button');
    first?.focus();
  }

  close() {
    const ground = this.current;
    if (!ground) {
      return false;
    }
    ground.hidden = true;
    ground.classList.remove('aside');
    if (this.#focusBefore?.isConnected) {
      this.#focusBefore.focus();
    }
    bus.emit('dialog-closed', { id: ground.id });
    return true;
  }

  #keepFocusInside(event) {
    const ground = this.current;
    if (event.key !== 'Tab' || !ground || ground.classList.contains('aside')) {
      return;
    }
    const stops = [...ground.querySelectorAll(STOPS)].filter((stop) => stop.offsetParent);
    const [edge, other] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (document.activeElement === edge) {
      event.preventDefault();
      other.focus();
    }
  }
}
