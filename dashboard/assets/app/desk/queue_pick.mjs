/* Rows of the queue are opened, and chosen: one by one, from here to there, a group, all that are shown. */
import { action, delegate } from '../core/dom.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';
import { text } from '../core/words.mjs';

/** As many as one batch takes. */
const MOST = 200;

export class QueuePick extends Part {
  #page;
  #from = null;

  constructor(page) {
    super();
    this.#page = page;
  }

  connect(signal) {
    action('queue-pick', (button, event) => this.#ticked(button.closest('.queue-row').dataset.caseNo, event.shiftKey));
    action('queue-pick-shown', () => this.pickShown());
    action('queue-all-of-group', (button) => this.#toggleGroup(button.closest('[data-code]').dataset.code));
    const keepText = (_, event) => event.shiftKey && event.preventDefault();
    delegate('mousedown', '#list-waiting', keepText, { signal });
    delegate('click', '#list-waiting .queue-row', (row, event) => this.#clicked(row, event), { signal });
    const forget = (selection) => {
      this.#from = selection.length ? this.#from : null;
    };
    store.watch('selection', forget, signal);
  }

  toggle(no) {
    if (!no || !this.#page.queue.find(no)) {
      return;
    }
    const { selection } = store.state;
    this.#from = no;
    if (selection.includes(no)) {
      store.select(selection.filter((other) => other !== no));
    } else {
      this.#add([no]);
    }
  }

  /** Chooses the row where the hand stands and the one it goes to. */
  extend(by) {
    const { queueList } = this.#page;
    const here = queueList.current;
    this.#from ??= here;
    if (here) {
      this.#add([here]);
    }
    queueList.step(by);
    this.#add([queueList.current]);
  }

  pickShown() {
    this.#add(this.#page.queue.order);
  }

  #add(numbers) {
    const all = [...new Set([...store.state.selection, ...numbers])];
    if (all.length > MOST) {
      this.#page.toasts.show(text('js.desk.most', { n: MOST }));
    }
    store.select(all.slice(0, MOST));
  }

  #ticked(no, shift) {
    if (shift) {
      this.#pickUpTo(no);
    } else {
      this.toggle(no);
    }
  }

  #clicked(row, event) {
    const { caseNo } = row.dataset;
    if (event.target.closest('[data-action]')) {
      return;
    }
    if (event.shiftKey) {
      this.#pickUpTo(caseNo);
      return;
    }
    this.#page.queueList.focus(caseNo);
    this.#page.address.navigate({ case: caseNo });
    this.#page.queueTools.showStep('case');
  }

  /** All rows between the last one that was chosen by hand and this one. */
  #pickUpTo(no) {
    const { order } = this.#page.queue;
    const ends = [order.indexOf(this.#from || this.#page.queueList.current), order.indexOf(no)];
    const [first, last] = ends.sort((a, b) => a - b);
    if (first < 0) {
      this.toggle(no);
    } else {
      this.#add(order.slice(first, last + 1));
    }
  }

  #toggleGroup(code) {
    const head = this.#page.queue.rows.find((row) => row.type === 'group' && row.code === code);
    const numbers = head.items.map((item) => item.case_no);
    const { selection } = store.state;
    if (numbers.every((no) => selection.includes(no))) {
      store.select(selection.filter((no) => !numbers.includes(no)));
    } else {
      this.#add(numbers);
    }
  }
}
