// The options of a call: own properties only, each read once. Rust asks for them by handle, so that a text is checked
// where it is.

import { ASKS, CHARACTER, FETCH, FILE, GOOD, LONG, NOTHING, OTHER, SHORT } from "./names.js";
import { can, get, isMatch, isObject, quietly } from "./own.js";

/** What sends where nobody has replaced it. */
export const platformFetch = globalThis.fetch;

const compiled = new Map();

/** Whether a pattern of Rust's matches. */
export function matches(pattern, text) {
  let regExp = compiled.get(pattern);
  if (!regExp) {
    regExp = new RegExp(pattern, "u");
    compiled.set(pattern, regExp);
  }
  return isMatch(regExp, text);
}

/** A relay's address on the page's own origin: anything else that is not absolute is a slip. */
function relative(text) {
  const page = new URL(get(get(globalThis, "location"), "href"));
  const url = new URL(text, page);
  return "/.".includes(text[0]) && url.origin === page.origin ? url.href : undefined;
}

export class Options {
  /** By name, on a record that inherits nothing. */
  values = { __proto__: null };
  /** The endpoint as a URL, without slashes at its end. */
  base = "";
  /** Whether the signal lets itself be listened to. */
  isHeard = false;
  #state = OTHER;
  /** The name of the option that was read last. */
  #reading = "options";
  /** The names of the options that Rust asked for. */
  #asked = [];

  constructor(given) {
    if (typeof given !== "object" || given === null) return;
    this.#state = NOTHING;
    quietly(() => this.#read(given));
  }

  #read(given) {
    const { values } = this;
    for (const name of Reflect.ownKeys(given)) {
      if (typeof name !== "string") continue;
      this.#reading = name;
      values[name] = given[name];
    }
    if (isObject(values.passcode)) {
      for (const name of Object.keys(values.passcode)) values[`passcode.${name}`] = values.passcode[name];
    }
    this.#state = GOOD;
    // A URL may change after the call; its text does not.
    if (isObject(values.endpoint)) values.endpoint = get(values.endpoint, "href");
  }

  /** What could not be read: an option whose getter threw; "" where there are no options at all. */
  unread(slip) {
    if (this.#state === GOOD) return undefined;
    if (this.#state === OTHER) return "";
    return matches(slip, this.#reading) ? this.#reading : "options";
  }

  #take(name) {
    this.#asked.push(name);
    return this.values[name];
  }

  /** Takes the endpoint if it is a URL that `allowed` matches. */
  endpoint(name, allowed) {
    const text = this.#take(name);
    if (typeof text !== "string") return OTHER;
    let base = quietly(() => new URL(text).href) ?? quietly(() => relative(text));
    if (base === undefined) return OTHER;
    this.base = base;
    if (!matches(allowed, base)) return CHARACTER;
    while (base.endsWith("/")) base = base.slice(0, -1);
    this.base = base;
    return GOOD;
  }

  /** Whether the endpoint that is not allowed matches this. */
  endpointHas(pattern) {
    return matches(pattern, this.base);
  }

  /** Checks a text: `least` to `most` code points, none of which `other` matches. */
  text(name, least, most, other) {
    const text = this.#take(name);
    if (text === undefined) return NOTHING;
    if (typeof text === "function") return ASKS;
    if (typeof text !== "string") return OTHER;
    if (text.length < least) return SHORT;
    if (text.length > most && (text.length > 2 * most || [...text].length > most)) return LONG;
    return matches(other, text) ? CHARACTER : GOOD;
  }

  /** A number; `standard` where there is nothing, NaN where there is something else. */
  number(name, standard) {
    const number = this.#take(name);
    if (number === undefined) return standard;
    return typeof number === "number" ? number : Number.NaN;
  }

  /** Whether a signal can be listened to, or a fetch be called, if it is there. */
  usable(name) {
    const value = this.#take(name);
    if (value === undefined) return true;
    return name === "signal" ? value === null || this.isHeard : typeof value === "function";
  }

  /** The name of an option that was not asked for; "options" if that might be a value in the wrong place. */
  unknown(slip) {
    const name = Object.keys(this.values).find((name) => !this.#asked.includes(name));
    if (name === undefined) return undefined;
    delete this.values[name];
    return matches(slip, name) ? name : "options";
  }

  /** The names of all options that were asked for. */
  known() {
    return [...new Set(this.#asked)].join(", ");
  }

  /** The function that sends requests. */
  get fetch() {
    return this.values.fetch ?? get(globalThis, "fetch");
  }

  /** What this host lacks for the call. */
  lack(makesFile) {
    if (typeof this.fetch !== "function") return FETCH;
    return makesFile && !can(globalThis, "File") ? FILE : 0;
  }
}
