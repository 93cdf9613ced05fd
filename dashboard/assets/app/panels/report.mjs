/* Report a case: the place by its name or by a click on the map, the form set aside meanwhile; sent like every other
   change. */
import { bus } from '../core/bus.mjs';
import { action } from '../core/dom.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';
import { text } from '../core/words.mjs';
import { ReportForm } from './report_form.mjs';

const DIALOG = 'report-dialog';
const PICKING = 'picking';
const DRAG_PX = 5;

const pickButton = () => document.querySelector(`#${DIALOG} [data-action="pick-place"]`);

export class Report extends Part {
  #page;
  #form;
  #picking = false;
  #pressedAt = null;
  #stepBefore = null;
  #sent = false;

  constructor(page, user) {
    super();
    this.#page = page;
    this.#form = new ReportForm(user);
  }

  connect(signal) {
    this.#form.start(signal);
    action('open-report', () => this.open());
    action('pick-place', () => this.#pick());
    action('stop-picking', () => this.stopPicking());
    this.#form.onSubmit((button) => this.#submit(button), signal);
    bus.on('dialog-closed', ({ id }) => id === DIALOG && this.#closed(), signal);
    const pressed = (event) => {
      this.#pressedAt = { x: event.clientX, y: event.clientY };
    };
    document.addEventListener('pointerdown', pressed, { signal, capture: true });
    document.addEventListener('click', (event) => this.#clicked(event), { signal, capture: true });
  }

  pageMounted() {
    this.#endPicking();
  }

  get isPicking() {
    return this.#picking;
  }

  async open() {
    this.#sent = false;
    this.#page.dialogs.open(DIALOG);
    pickButton().hidden = !this.#page.map;
    await this.#form.open();
  }

  /** What was refused later stands in the form again. */
  takeUp(draft) {
    this.#form.putBack(draft);
    return this.open();
  }

  /** Back to the form as it was; false when no place was being picked. */
  stopPicking() {
    if (!this.#picking) {
      return false;
    }
    this.#endPicking();
    this.#page.dialogs.bringBack();
    pickButton().focus();
    return true;
  }

  #pick() {
    if (this.#page.map) {
      this.#picking = true;
      document.body.classList.add(PICKING);
      this.#page.dialogs.setAside();
      this.#showMap();
      this.#banner.hidden = false;
      this.#banner.querySelector('button').focus({ preventScroll: true });
    }
  }

  /** On a phone the desk shows one of its parts at a time. */
  #showMap() {
    const work = document.querySelector('.work-dispatch');
    this.#stepBefore = work?.dataset.step ?? null;
    this.#page.queueTools.showStep('map');
    document.getElementById('map').scrollIntoView({ block: 'nearest' });
  }

  #endPicking() {
    if (this.#picking && this.#stepBefore) {
      this.#page.queueTools.showStep(this.#stepBefore);
    }
    this.#picking = false;
    document.body.classList.remove(PICKING);
    if (this.#banner) {
      this.#banner.hidden = true;
    }
  }

  get #banner() {
    return document.getElementById('pick-banner');
  }

  /** A click is the place; a drag moves the map, its buttons do what they do. */
  #clicked(event) {
    const place = this.#picking ? this.#page.map?.placeOf(event) : null;
    if (!place) {
      return;
    }
    event.stopPropagation();
    event.preventDefault();
    if (!this.#isDrag(event)) {
      this.#form.takePoint(place.lng, place.lat);
      this.stopPicking();
    }
  }

  #isDrag({ clientX, clientY }) {
    const { x, y } = this.#pressedAt ?? { x: clientX, y: clientY };
    return Math.hypot(clientX - x, clientY - y) > DRAG_PX;
  }

  #closed() {
    this.#endPicking();
    if (!this.#sent && this.#form.isKept) {
      this.#page.toasts.show(text('js.report.kept'));
    }
  }

  async #submit(button) {
    const { state } = store;
    const entry = this.#form.read({ area: state.scene?.area || state.area || state.config.root });
    if (!entry) {
      return;
    }
    button.disabled = true;
    try {
      this.#reported(await this.#page.unsent.send(entry));
    } catch (failure) {
      await this.#form.refused(failure);
    } finally {
      button.disabled = false;
    }
  }

  /** `made`: the answer; null when the report is kept until it can be sent. */
  #reported(made) {
    const { dialogs, toasts, address } = this.#page;
    this.#sent = true;
    dialogs.close();
    this.#form.sent();
    toasts.show(made ? text('js.reported', { no: made.case_no }) : text('js.unsent.kept'));
    if (!made) {
      return;
    }
    const { case_no: caseNo, warnings } = made;
    warnings.forEach((warning) => toasts.show(warning.text));
    bus.emit('refresh', { caseNo });
    address.navigate({ case: caseNo });
  }
}
