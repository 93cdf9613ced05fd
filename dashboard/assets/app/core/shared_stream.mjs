/* One live stream a browser, however many of its pages listen: a browser has six connections to a host over HTTP/1.1,
   and a stream holds one for good. One page leads: it has the stream and hands every frame on by a BroadcastChannel.
   The others follow; who hears nothing leads itself, and of two that lead the one with the greater name gives way. */
import { uniqueKey } from './dom.mjs';
import { pause } from './timers.mjs';

const KINDS = ['snapshot', 'case', 'tier', 'boundaries', 'heartbeat'];
/** How long a page that comes waits for one that leads. */
const ANSWER_MS = 250;
/** Longer than a heartbeat, shorter than the silence that makes a screen old. */
const QUIET_MS = 6000;
const KEPT = 1000;

/** What a leader has heard: frames as [kind, data], so that a page that comes later misses none. */
export class Heard {
  #frames = [];
  #since;
  #beat = null;

  /** `since`: the number from which on everything is known; null when the stream begins with a snapshot. */
  constructor(since) {
    this.#since = since;
  }

  take(kind, data) {
    if (kind === 'heartbeat' || kind === 'snapshot') {
      this.#beat = data;
    }
    if (kind === 'snapshot') {
      this.#since = data.seq;
      this.#frames = [];
    } else if (kind === 'case' || kind === 'tier') {
      this.#frames.push([kind, data]);
      if (this.#frames.length > KEPT) {
        this.#since = this.#frames.shift()[1].seq;
      }
    }
  }

  /** The frames after a number, with the latest beat; a snapshot where they are not all known; nothing before the
      first. */
  after(seq) {
    if (!this.#beat) {
      return [];
    }
    if (this.#since === null || seq === null || seq < this.#since) {
      return [['snapshot', this.#beat]];
    }
    return [...this.#frames.filter(([, data]) => data.seq > seq), ['heartbeat', this.#beat]];
  }
}

export class SharedStream {
  #name = uniqueKey();
  #address;
  #seq;
  #take;
  #failed;
  #channel = null;
  #source = null;
  #heard = null;
  #reached = 0;
  #leader = null;
  #heardAt = 0;
  #asked = 0;

  /** `address(since)`: of the stream; `seq()`: up to where the page is up to date, null when it has read nothing;
      `take(kind, data)`: what is told; `failed(isClosed)`: the stream has. */
  constructor({ address, seq, take, failed }) {
    this.#address = address;
    this.#seq = seq;
    this.#take = take;
    this.#failed = failed;
  }

  /** Joins those of one name: of one person, or one wall. */
  start(group) {
    this.#channel ??= this.#join(`gridboard.live|${group}`);
    this.#ask();
  }

  stop() {
    if (this.#source) {
      this.#post({ type: 'gone' });
    }
    this.#end();
    this.#channel?.close();
    this.#channel = null;
    this.#leader = null;
  }

  /** Whether frames come, or may come at any moment. */
  get isOpen() {
    const isLed = this.#leader !== null && performance.now() - this.#heardAt < QUIET_MS;
    return isLed || Boolean(this.#source && this.#source.readyState !== EventSource.CLOSED);
  }

  /** Looks for a page that leads; where none answers within `patience` ms this one does. */
  async #ask(patience = ANSWER_MS) {
    this.#asked += 1;
    const turn = this.#asked;
    this.#leader = null;
    this.#post({ type: 'ask', since: this.#seq() });
    if (this.#channel) {
      await pause(patience);
    }
    if (turn === this.#asked && this.#leader === null) {
      this.#lead();
    }
  }

  #join(name) {
    if (!window.BroadcastChannel) {
      return null;
    }
    const channel = new BroadcastChannel(name);
    channel.addEventListener('message', ({ data }) => this.#hear(data));
    return channel;
  }

  #post(message) {
    this.#channel?.postMessage({ ...message, from: this.#name });
  }

  #lead() {
    this.#end();
    const since = this.#seq();
    const source = new EventSource(this.#address(since));
    this.#source = source;
    this.#reached = since ?? 0;
    this.#heard = new Heard(since);
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => this.#read(source, kind, JSON.parse(event.data)));
    }
    source.addEventListener('error', () => this.#lost(source));
  }

  #lost(source) {
    if (source === this.#source) {
      const isClosed = source.readyState === EventSource.CLOSED;
      this.#post({ type: 'lost', isClosed });
      this.#failed(isClosed);
    }
  }

  #end() {
    this.#source?.close();
    this.#source = null;
    this.#heard = null;
  }

  /** A snapshot of a number that was passed already: the database has been restored, and numbers begin anew. */
  #read(source, kind, read) {
    if (source !== this.#source) {
      return;
    }
    const data = kind === 'snapshot' && read.seq < this.#reached ? { ...read, anew: true } : read;
    this.#reached = Math.max(this.#reached, read.seq ?? 0);
    this.#heard.take(kind, data);
    this.#post({ type: 'told', frames: [[kind, data]] });
    this.#take(kind, data);
  }

  #hear({ type, from, to, since, frames, isClosed }) {
    if (type === 'ask') {
      this.#answer(from, since);
    } else if (type === 'gone' && from === this.#leader) {
      this.#follow(null);
    } else if (type === 'lost' && from === this.#leader) {
      this.#failed(isClosed);
    } else if (type === 'told' && (to ?? this.#name) === this.#name) {
      this.#told(from, frames);
    }
  }

  /** Only who has something to tell leads. */
  #answer(to, since) {
    const frames = this.#heard?.after(since) ?? [];
    if (frames.length) {
      this.#post({ type: 'told', to, frames });
    }
  }

  #told(from, frames) {
    // two lead: both hear of it, one goes on
    if (this.#source && this.#heard.after(0).length && from > this.#name) {
      return;
    }
    this.#follow(from);
    frames.forEach(([kind, data]) => this.#take(kind, data));
  }

  #follow(leader) {
    const isNew = leader !== this.#leader;
    this.#end();
    this.#leader = leader;
    this.#heardAt = performance.now();
    if (leader === null) {
      // not all of them at once
      this.#ask(ANSWER_MS * (1 + 2 * Math.random()));
    } else if (isNew) {
      this.#post({ type: 'ask', since: this.#seq() });
    }
  }
}
