/* Report a case: the place by a click on the map, the form set aside meanwhile; sent like every other change. */
import { bus } from '../core/bus.mjs';
import { setProps } from '../core/dash.mjs';
import { action, uniqueKey } from '../core/dom.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';
import { text } from '../core/words.mjs';
import { failureWords } from './moves.mjs';
import { ReportForm } from './report_form.mjs';

const DIALOG = 'report-dialog';

export class Report extends Part {
  #page;
  #form = new ReportForm();
  #picking = false;

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    this.#form.start(signal);
    action('open-report', () => this.#open());
    action('pick-place', () => this.#pick());
    this.#form.onSubmit((button) => this.#submit(button), signal);
    bus.on('dialog-closed', ({ id }) => id === DIALOG && this.#endPicking(), signal);
    for (const type of ['pointerdown', 'mousedown', 'click']) {
      document.addEventListener(type, (event) => this.#pressed(event), { signal, capture: true });
    }
  }

  pageMounted() {
    this.#endPicking();
  }

  get isPicking() {
    return this.#picking;
  }

  /** Back to the form as it was; false when no place was being picked. */
  stopPicking() {
    if (!this.#picking) {
      return false;
    }
    this.#endPicking();
    this.#page.dialogs.bringBack();
    this.#form.dialog.querySelector('[data-action="pick-place"]').focus();
    return true;
  }

  #endPicking() {
    this.#picking = false;
    document.body.classList.remove('picking');
  }

  #open() {
    this.#form.place = null;
    this.#form.say('');
    this.#form.showPlace(text('js.report.area'));
    this.#form.reset();
    this.#page.dialogs.open(DIALOG);
    this.#form.focus();
  }

  #pick() {
    if (this.#page.map) {
      this.#picking = true;
      document.body.classList.add('picking');
      this.#page.dialogs.setAside();
    }
  }

  #pressed(event) {
    if (!this.#picking || !this.#page.map || !event.target.closest('#map')) {
      return;
    }
    event.stopPropagation();
    event.preventDefault();
    if (event.type === 'click') {
      const { lng, lat } = this.#page.map.leaflet.mouseEventToLatLng(event);
      this.#form.takePlace(lng, lat);
      this.stopPicking();
    }
  }

  async #submit(button) {
    const body = this.#form.read();
    if (!body) {
      return;
    }
    button.disabled = true;
    try {
      const { state } = store;
      const area = this.#form.place ? {} : { area: state.scene?.area || state.area || state.config.root };
      const entry = { key: uniqueKey(), label: text('move.report'), path: '/api/cases', body: { ...body, ...area } };
      this.#reported(await this.#page.unsent.send(entry));
    } catch (failure) {
      this.#form.say(failureWords(failure));
    } finally {
      button.disabled = false;
    }
  }

  /** `made`: the answer; null when the report is kept until it can be sent. */
  #reported(made) {
    const { dialogs, toasts, address } = this.#page;
    dialogs.close();
    setProps('report-title', { value: '' });
    setProps('report-description', { value: '' });
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
