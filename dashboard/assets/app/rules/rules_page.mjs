/* /rules: a copy of the rule in force that is changed, tried on the map, kept on this device, and published. */
import { changedAddress } from '../core/address.mjs';
import { bus } from '../core/bus.mjs';
import { setProps } from '../core/dash.mjs';
import { action, delegate, make } from '../core/dom.mjs';
import { number } from '../core/format.mjs';
import { fetchJson } from '../core/http.mjs';
import { Part } from '../core/part.mjs';
import { store } from '../core/store.mjs';
import { debounced } from '../core/timers.mjs';
import { text } from '../core/words.mjs';
import { DraftStore } from '../panels/draft_store.mjs';
import { failureWords } from '../panels/moves.mjs';
import { RuleBacktest } from './rule_backtest.mjs';
import { RuleForm } from './rule_form.mjs';
import { RuleResults } from './rule_results.mjs';
import { RuleTrial } from './rule_trial.mjs';

const DRAFT = ['rules', 'rule'];
const DIALOG = 'rule-publish';
const AGAIN_MS = 1500;
/** More leaves than these are not told apart on one screen: the usual level is coloured then. */
const MOST_LEAVES = 5000;

export class RulesPage extends Part {
  #page;
  #whose;
  #form = null;
  #observer = new MutationObserver(() => this.#drawn());
  #told = '';
  #baseline = '';
  #drafts = null;
  #answer = null;
  #tiers = null;
  #publishing = false;
  #again = debounced(AGAIN_MS, () => this.#form?.mayTry && this.#trial.ask(this.#form.read()));
  #trial = new RuleTrial({
    tried: (answer, tiers, rule) => this.#tried(answer, tiers, rule),
    failed: (failure) => this.#failed(failure),
  });

  constructor(page, whose) {
    super();
    this.#page = page;
    this.#whose = whose;
    this.results = new RuleResults(page);
    this.backtest = new RuleBacktest(() => this.#form);
  }

  connect(signal) {
    this.#listenToForm(signal);
    action('rule-discard', () => this.#discard());
    action('rule-load', ({ dataset }) => this.#load(dataset));
    action('rule-publish', () => this.#openPublish());
    action('rule-backtest', () => this.backtest.run());
    const submitted = (_form, event) => {
      event.preventDefault();
      this.#publish();
    };
    delegate('submit', '#rule-publish-form', submitted, { signal });
    delegate('submit', '#rule-form', (_form, event) => event.preventDefault(), { signal });
    this.results.connect(signal);
    this.#followWorld(signal);
    const leave = (event) => this.isTrial && !this.#publishing && event.preventDefault();
    window.addEventListener('beforeunload', leave, { signal });
  }

  pageMounted() {
    this.#observer.disconnect();
    this.#form = null;
    this.#told = '';
    const box = document.getElementById('rules-box');
    if (box) {
      this.#useQuietMap();
      this.#observer.observe(box, { childList: true, attributes: true, attributeFilter: ['data-rule'], subtree: true });
      this.#whose.then((name) => this.#begin(name)).catch(() => {});
    }
  }

  /** Whether the copy says something else than the rule in force. */
  get isTrial() {
    return Boolean(this.#form?.mayTry) && JSON.stringify(this.#form.read()) !== this.#baseline;
  }

  #listenToForm(signal) {
    const change = (work) => (button) => {
      this.#form[work](button);
      this.#changed();
    };
    action('rule-factor-add', change('addFactor'));
    action('rule-factor-remove', change('removeFactor'));
    action('rule-source-add', change('addSource'));
    action('rule-source-remove', change('removeSource'));
    const moved = (control) => {
      this.#form?.moved(control);
      this.#changed();
    };
    delegate('input', '#rule-form input, #rule-form select', moved, { signal });
  }

  #followWorld(signal) {
    bus.on('tier', this.#again, signal);
    bus.on('snapshot', this.#again, signal);
    bus.on('areas-changed', () => this.#trial.forgetCodes(), signal);
    bus.on('map-scene', () => this.#sceneShown(), signal);
    bus.on('painted', () => this.#colour(), signal);
  }

  #begin(name) {
    this.#drafts = new DraftStore(name);
    this.#drawn();
  }

  /** The form has been drawn, or another version is in force. */
  #drawn() {
    const form = document.getElementById('rule-form');
    if (!form || !this.#drafts || (form === this.#form?.form && form.dataset.rule === this.#told)) {
      return;
    }
    this.#form = new RuleForm(form);
    this.#told = form.dataset.rule;
    this.#form.fill(JSON.parse(this.#told));
    this.#baseline = JSON.stringify(this.#form.read());
    const draft = this.#drafts.read(...DRAFT);
    if (draft?.typed.rule && this.#form.mayTry) {
      this.#form.fill(JSON.parse(draft.typed.rule));
    }
    this.#changed();
  }

  #changed() {
    if (!this.#form) {
      return;
    }
    const rule = this.#form.read();
    this.#keep(rule);
    this.#tellTrial();
    this.backtest.changed();
    if (this.#form.mayTry) {
      this.results.busy(true);
      this.#trial.ask(rule);
    }
  }

  /** What is not published outlives a redraw, a reload and another day. */
  #keep(rule) {
    if (this.isTrial) {
      const base = this.#drafts.read(...DRAFT)?.typed.base || String(this.#form.version);
      this.#drafts.write(...DRAFT, { typed: { rule: JSON.stringify(rule), base }, chosen: [], isOpen: true });
    } else {
      this.#drafts?.remove(...DRAFT);
    }
  }

  #tellTrial() {
    const bar = document.getElementById('rule-trial');
    const { isTrial } = this;
    document.querySelector('.work-rules')?.toggleAttribute('data-trial', isTrial);
    for (const button of document.querySelectorAll('#rule-publish-open, [data-action="rule-discard"]')) {
      button.disabled = !isTrial;
    }
    if (bar) {
      bar.hidden = !isTrial;
      bar.querySelector('.trial-words').textContent = isTrial ? this.#trialWords() : '';
    }
  }

  #trialWords() {
    const base = Number(this.#drafts.read(...DRAFT)?.typed.base || this.#form.version);
    const newer = Math.max(this.#form.version, this.#answer?.in_force ?? 0);
    const words = [text('js.rule.trial'), ...(newer > base ? [text('js.rule.newer', { version: newer })] : [])];
    return words.join(' ');
  }

  #tried(answer, tiers) {
    if (!this.#form) {
      return;
    }
    this.#answer = answer;
    this.#tiers = tiers;
    this.#form.tellFaults([]);
    this.#tellTrial();
    this.#colour();
    this.results.show(answer, { isTrial: this.isTrial });
    this.results.busy(!this.#trial.isLast);
    this.#followVersion(answer.in_force);
  }

  /** Somebody has published: who has changed nothing sees it at once, who has is told. */
  #followVersion(version) {
    if (version > this.#form.version && !this.isTrial) {
      setProps('rules-refresh', { data: { at: Date.now() } });
    }
  }

  #colour() {
    const { map } = this.#page;
    if (map && document.getElementById('rules-box')) {
      map.tryOn(this.isTrial ? this.#tiers : null);
    }
  }

  #failed(failure) {
    const errors = failure.problem?.errors ?? [];
    this.#form?.tellFaults(errors.map(({ field, detail }) => ({ field: field.replace(/^rule\./, ''), detail })));
    const n = errors.length;
    this.results.busy(!this.#trial.isLast);
    this.results.fail(n ? text('js.rule.unmended', { n }) : text('js.rule.failed'));
  }

  #discard() {
    this.#drafts.remove(...DRAFT);
    this.#form.fill(JSON.parse(this.#told));
    this.#changed();
    if (this.#answer?.in_force > this.#form.version) {
      setProps('rules-refresh', { data: { at: Date.now() } });
    }
    document.querySelector('#rule-form .rule-number')?.focus();
  }

  #load({ rule, version }) {
    this.#form.fill(JSON.parse(rule));
    this.#changed();
    this.#page.toasts.show(text('js.rule.loaded', { version }));
  }

  #openPublish() {
    if (!this.isTrial || !this.#answer) {
      return;
    }
    const { counts, moved_n: n, changes } = this.#answer;
    const said = { n: number(n) };
    for (const tier of ['key', 'watch']) {
      said[`${tier}_now`] = number(counts[tier].now);
      said[`${tier}_then`] = number(counts[tier].then);
    }
    document.getElementById('rule-publish-counts').textContent = text('js.rule.counts', said);
    document.getElementById('rule-publish-changes').replaceChildren(...changes.map((words) => make('li', '', words)));
    this.#sayWrong('', '');
    this.#page.dialogs.open(DIALOG);
    document.getElementById('rule-reason').focus();
  }

  #sayWrong(reason, message) {
    const form = document.getElementById('rule-publish-form');
    form.querySelector('.field-missing').textContent = reason;
    form.querySelector('.form-message').textContent = message;
  }

  async #publish() {
    if (this.#publishing) {
      return;
    }
    this.#publishing = true;
    const box = document.getElementById('rule-reason');
    try {
      const body = { rule: this.#form.read(), reason: box.value };
      this.#published(await fetchJson('/api/rules', { method: 'POST', body }));
    } catch (failure) {
      const { detail = '' } = failure.problem?.errors?.find(({ field }) => field === 'reason') ?? {};
      this.#sayWrong(detail, detail ? '' : failureWords(failure));
      box.focus();
    } finally {
      this.#publishing = false;
    }
  }

  #published({ version, changed }) {
    setProps('rule-reason', { value: '' });
    this.#drafts.remove(...DRAFT);
    this.#baseline = JSON.stringify(this.#form.read());
    this.#tellTrial();
    this.#page.dialogs.close();
    this.#page.toasts.show(text('js.rule.published', { version, n: number(changed) }));
    this.#page.map?.renew();
    setProps('rules-refresh', { data: { at: Date.now() } });
  }

  /** Markers would stand over what changes colour; whoever wants them switches them on. */
  #useQuietMap() {
    if (!store.state.layers) {
      this.#whose.then(() => {
        const { layers } = store.state.config;
        const quiet = layers.filter((layer) => layer.default_on && layer.act === 'see_map').map(({ id }) => id);
        this.#putIntoAddress({ layers: quiet });
      });
    }
  }

  #sceneShown() {
    if (document.getElementById('rules-box')) {
      this.#chooseLevel();
      this.#drawBreadcrumb();
    }
  }

  /** The way from the root to the area on the map. */
  #drawBreadcrumb() {
    const { index, scene } = this.#page.map;
    const codes = index
      .pathUp(scene.code)
      .filter((code) => index.get(code)?.name)
      .reverse();
    const links = codes.map((code) => {
      const link = make('a', 'crumb', index.get(code).name);
      link.href = `/rules?area=${encodeURIComponent(code)}`;
      Object.assign(link.dataset, { goArea: code, code });
      return link;
    });
    links.at(-1)?.setAttribute('aria-current', 'page');
    const gap = () => make('span', 'crumb-gap', '›');
    const parts = links.flatMap((link, place) => (place ? [gap(), link] : [link]));
    document.getElementById('breadcrumb')?.replaceChildren(...parts);
  }

  /** A rule is about grids: they are what is coloured, where they can be told apart. */
  #chooseLevel() {
    const leaf = this.#page.map?.scene?.areaLevels.at(-1);
    if (leaf && leaf.n <= MOST_LEAVES && !store.state.level) {
      this.#putIntoAddress({ level: leaf.level });
    }
  }

  #putIntoAddress(words) {
    const search = changedAddress(window.location.search, words);
    window.history.replaceState(window.history.state, '', `${window.location.pathname}${search}`);
    store.set(words);
  }
}
