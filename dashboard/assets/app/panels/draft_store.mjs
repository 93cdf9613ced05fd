/* What stands in a form of a case and was not sent, kept on this device: by user, case and form. A draft is
   {typed: {field: words}, chosen: ['field value'], isOpen, at}; `at` in milliseconds. */

import { deviceStorage } from '../core/device_storage.mjs';

const PREFIX = 'gridboard.draft';
/** Words about somebody's trouble do not lie on a device for ever. */
const KEPT_MS = 14 * 86400000;
const WRITTEN = ['reason', 'into', 'until'];
const OF_THE_REQUEST = ['move', 'version', 'choice'];

export const isEmpty = ({ typed, chosen }) => !chosen.length && Object.values(typed).every((words) => !words.trim());

/** The draft that a request was made from. */
export function draftOf(body) {
  const given = Object.entries(body).filter(([name]) => !OF_THE_REQUEST.includes(name));
  const typed = given.filter(([name]) => WRITTEN.includes(name));
  const chosen = given.filter(([name]) => !WRITTEN.includes(name));
  return {
    typed: Object.fromEntries(typed),
    chosen: chosen.flatMap(([name, value]) => [value].flat().map((one) => `${name} ${one}`)),
    isOpen: true,
  };
}

export class DraftStore {
  #prefix;
  #storage;
  #now;

  constructor(user, { storage = deviceStorage(), now = Date.now } = {}) {
    this.#prefix = `${PREFIX}|${user}|`;
    this.#storage = storage;
    this.#now = now;
    this.#forgetOld();
  }

  read(caseNo, form) {
    return this.#parse(this.#key(caseNo, form));
  }

  /** An empty draft that is not open is none. */
  write(caseNo, form, draft) {
    if (isEmpty(draft) && !draft.isOpen) {
      this.remove(caseNo, form);
    } else {
      this.#storage.setItem(this.#key(caseNo, form), JSON.stringify({ ...draft, at: this.#now() }));
    }
  }

  remove(caseNo, form) {
    this.#storage.removeItem(this.#key(caseNo, form));
  }

  /** The drafts of a case with the names of their forms, the latest first. */
  ofCase(caseNo) {
    const start = this.#key(caseNo, '');
    return this.#keys
      .filter((key) => key.startsWith(start))
      .map((key) => ({ form: key.slice(start.length), ...this.#parse(key) }))
      .sort((a, b) => b.at - a.at);
  }

  /** How many forms hold something that was not sent. */
  get size() {
    return this.#keys.filter((key) => !isEmpty(this.#parse(key))).length;
  }

  forgetAll() {
    this.#keys.forEach((key) => this.#storage.removeItem(key));
  }

  /** Whose key of the storage this is: {caseNo, form}, or null where it is no draft of this user. */
  partsOf(key) {
    if (!key?.startsWith(this.#prefix)) {
      return null;
    }
    const [caseNo, form] = key.slice(this.#prefix.length).split('|');
    return { caseNo, form };
  }

  get #keys() {
    const all = Array.from({ length: this.#storage.length }, (_, place) => this.#storage.key(place));
    return all.filter((key) => key.startsWith(this.#prefix));
  }

  #key(caseNo, form) {
    return `${this.#prefix}${caseNo}|${form}`;
  }

  #parse(key) {
    try {
      const found = JSON.parse(this.#storage.getItem(key));
      return found && { typed: {}, chosen: [], isOpen: false, at: 0, ...found };
    } catch {
      return null;
    }
  }

  #forgetOld() {
    const oldest = this.#now() - KEPT_MS;
    for (const key of this.#keys) {
      if (!(this.#parse(key)?.at > oldest)) {
        this.#storage.removeItem(key);
      }
    }
  }
}
