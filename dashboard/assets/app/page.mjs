/* The root of a working page: its parts as fields, in the order in which they begin. Each has start() and stop();
   those that need the drawn page have pageMounted(). */
import { Address } from './core/address.mjs';
import { bus } from './core/bus.mjs';
import { Clocks } from './core/clocks.mjs';
import { noUpdate, registerCallbacks, setProps } from './core/dash.mjs';
import { delegate, startActions } from './core/dom.mjs';
import { LiveStream } from './core/live_stream.mjs';
import { pageFilter } from './core/page_filter.mjs';
import { session } from './core/session.mjs';
import { store } from './core/store.mjs';
import { text } from './core/words.mjs';
import { Bulk } from './desk/bulk.mjs';
import { Choice } from './desk/choice.mjs';
import { Claims } from './desk/claims.mjs';
import { Compare } from './desk/compare.mjs';
import { OrganisationLoads } from './desk/organisations.mjs';
import { Queue } from './desk/queue.mjs';
import { QueueList } from './desk/queue_list.mjs';
import { QueuePick } from './desk/queue_pick.mjs';
import { QueueTools } from './desk/queue_tools.mjs';
import { Remarks } from './desk/remarks.mjs';
import { Viewers } from './desk/viewers.mjs';
import { BoundaryVersions } from './map/boundary_versions.mjs';
import { ApiForms } from './panels/api_forms.mjs';
import { AreaList } from './panels/area_list.mjs';
import { CaseLists } from './panels/case_lists.mjs';
import { CasePanel } from './panels/case_panel.mjs';
import { Charts } from './panels/charts.mjs';
import { CommandBar } from './panels/command_bar.mjs';
import { Counts } from './panels/counts.mjs';
import { Dialogs } from './panels/dialogs.mjs';
import { draftOf } from './panels/draft_store.mjs';
import { Drafts } from './panels/drafts.mjs';
import { FilterBar } from './panels/filter_bar.mjs';
import { FoundPlace } from './panels/found_place.mjs';
import { Keyboard } from './panels/keyboard.mjs';
import { Menu } from './panels/menu.mjs';
import { MetricTiles } from './panels/metric_tiles.mjs';
import { RepeatList } from './panels/repeat_list.mjs';
import { Report } from './panels/report.mjs';
import { Search } from './panels/search.mjs';
import { Suggestions } from './panels/suggestions.mjs';
import { TimeMachine } from './panels/time_machine.mjs';
import { Toasts } from './panels/toasts.mjs';
import { Tray } from './panels/tray.mjs';
import { Unsent } from './panels/unsent.mjs';
import { WhyPanel } from './panels/why_panel.mjs';
import { WorstPlaces } from './panels/worst_places.mjs';
import { RulesPage } from './rules/rules_page.mjs';
import { Wall } from './wall/wall.mjs';

/** How many frames a page that Dash has answered with may take to be drawn. */
const MOST_FRAMES = 120;
const whose = session.then(({ user }) => user.name);
const WORKING = '.work-map, .work-dispatch';

export class Page {
  #mapReady = Promise.withResolvers?.() ?? deferred();
  #mounted = null;

  session = session;
  store = store;
  bus = bus;
  map = null;

  address = new Address();
  clocks = new Clocks(session);
  toasts = new Toasts();
  live = new LiveStream();
  dialogs = new Dialogs();
  apiForms = new ApiForms(this);
  suggestions = new Suggestions();
  menu = new Menu(this);
  choice = new Choice(this);
  bulk = new Bulk(this);
  remarks = new Remarks(this);
  drafts = new Drafts(whose);
  unsent = new Unsent({
    user: whose,
    patient: true,
    sent: (entries) => this.#sentLater(entries),
    open: (entry) => this.#takeUp(entry),
  });
  casePanel = new CasePanel(this);
  queue = new Queue(this);
  queueList = new QueueList(this);
  queuePick = new QueuePick(this);
  queueTools = new QueueTools(this);
  viewers = new Viewers(this);
  claims = new Claims(this);
  organisations = new OrganisationLoads(this);
  compare = new Compare(this);
  caseLists = new CaseLists(this);
  counts = new Counts(this);
  metricTiles = new MetricTiles(this);
  filterBar = new FilterBar(this);
  areaList = new AreaList(this);
  worstPlaces = new WorstPlaces(this);
  charts = new Charts(this);
  whyPanel = new WhyPanel(this);
  repeatList = new RepeatList();
  report = new Report(this, whose);
  foundPlace = new FoundPlace(this);
  timeMachine = new TimeMachine(this);
  search = new Search(this);
  commandBar = new CommandBar(this);
  keyboard = new Keyboard(this);
  tray = new Tray(this);
  rules = new RulesPage(this, whose);
  boundaryVersions = new BoundaryVersions(this);
  wall = new Wall(this);

  start() {
    startActions();
    registerCallbacks({
      arrived: (search) => this.#arrived(search),
      drawn: () => this.#pageDrawn(),
      scene: (scene) => this.#sceneRead(scene),
      firstPages: (answer) => answer && this.caseLists.take(answer),
      told: (told) => told && this.toasts.tell(told),
      resolved: (callback, result) => this.toasts.tellFailure(callback, result),
      areaClicked: (clicked) => clicked && this.address.openArea(clicked.area),
      caseClicked: (clicked) => clicked && this.#caseClicked(clicked.caseNo),
      casesPicked: (box) => box && store.select(box.cases),
      hovered: (hovered) => hovered && bus.emit('hover', { code: hovered.area, from: 'map' }),
    });
    this.#parts.forEach((part) => part.start?.());
    this.#followMap();
    delegate('click', '[data-go-area]', (link, event) => this.#linkClicked(link, event));
  }

  get onDesk() {
    return Boolean(document.querySelector('.work-dispatch'));
  }

  /** Resolves when a map of this page has been painted for the first time. */
  get mapPainted() {
    return this.#mapReady.promise;
  }

  /** Lets what the server draws of the area be drawn again. */
  refreshArea() {
    if (document.querySelector(WORKING)) {
      setProps('area-code', { data: store.state.area });
    }
  }

  get #parts() {
    return Object.values(this).filter((part) => part && typeof part === 'object');
  }

  #sentLater(entries) {
    this.toasts.show(text('js.unsent.sent', { n: entries.length }));
    entries.forEach(({ caseNo }) => bus.emit('refresh', { caseNo }));
    this.casePanel.refresh();
  }

  #takeUp({ caseNo, body, draft }) {
    if (draft) {
      this.report.takeUp(draft);
      return;
    }
    this.drafts.putBack(caseNo, body.move, draftOf(body));
    this.address.navigate({ case: caseNo });
  }

  #caseClicked(no) {
    if (document.getElementById('case-panel')) {
      this.address.navigate({ case: no });
    } else {
      this.address.openCase(no);
    }
  }

  #arrived(search) {
    this.address.arrived(search || '');
    return noUpdate();
  }

  /** Dash has answered with another page: it is there a few frames later. */
  #pageDrawn(frames = 0) {
    const main = document.querySelector('main, .page > div > .state');
    if (main && main !== this.#mounted) {
      this.#mounted = main;
      this.#parts.forEach((part) => part.pageMounted?.());
      bus.emit('page-mounted');
    } else if (frames < MOST_FRAMES) {
      requestAnimationFrame(() => this.#pageDrawn(frames + 1));
    }
    return noUpdate();
  }

  #sceneRead(scene) {
    if (!scene) {
      return noUpdate();
    }
    document.documentElement.lang = scene.lang;
    store.set({ scene });
    requestAnimationFrame(() => bus.emit('rail-drawn'));
    return scene.area;
  }

  /** The map speaks through its properties; the page answers with what it shows. */
  #followMap() {
    bus.on('map-made', ({ map }) => {
      this.map = map;
    });
    bus.on('map-gone', ({ map }) => {
      this.map = this.map === map ? null : this.map;
    });
    bus.on('painted', () => this.#mapReady.resolve());
    bus.on('map-scene', ({ seq }) => store.state.seq || store.set({ seq }));
    bus.on('layers-chosen', ({ layers }) => this.address.navigate({ layers }));
    bus.on('page-mounted', () => this.#tellMap());
    store.watch(['filter', 'level', 'area', 'layers', 'case', 'selection', 'config'], () => this.#tellMap());
    bus.on('level-chosen', ({ level }) => this.address.navigate({ level }));
    bus.on('filter-chosen', (chosen) => this.#filterChosen(chosen));
    store.watch('area', (area) => this.#tellServer('area-code', area));
    store.watch('case', (no) => this.#tellServer('chosen-case', no));
    store.watch('asOf', (asOf) => this.timeMachine.isPlaying || this.tellMoment(asOf));
    window.addEventListener('gridboard:theme', () => this.#tellMap());
  }

  /** Everything that is shown is read as of a moment. */
  tellMoment(asOf) {
    if (document.getElementById('time-machine')) {
      this.#tellServer('as-of', asOf);
      bus.emit('snapshot', { seq: store.state.seq });
    }
  }

  #tellMap() {
    if (document.getElementById('map')) {
      const { area, layers, level, case: open, selection } = store.state;
      const theme = document.documentElement.dataset.theme;
      const filter = pageFilter();
      setProps('map', {
        area,
        layers,
        level: level || null,
        theme,
        filter,
        selection: { case: open, cases: selection },
      });
    }
  }

  /** The inputs of the callbacks; the page itself was drawn with the first ones. */
  #tellServer(id, data) {
    if (document.querySelector(WORKING)) {
      setProps(id, { data });
    }
  }

  /** A line of the legend is one more word, a cluster a place of its own. */
  #filterChosen({ name, value, toggles }) {
    if (toggles) {
      this.address.toggleFilter(name, value);
    } else {
      this.address.navigate({ [name]: value });
    }
  }

  #linkClicked(link, event) {
    const opensElsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.button;
    if (!opensElsewhere && document.getElementById('map')) {
      event.preventDefault();
      this.address.openArea(link.dataset.goArea);
    }
  }
}

function deferred() {
  const made = {};
  made.promise = new Promise((resolve) => {
    made.resolve = resolve;
  });
  return made;
}
