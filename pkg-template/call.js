// A call over fetch: its deadline, its secrets, its exchange. A step gives a promise, which rejects if the call ends
// before the work does.

import { decode, fileOf, joined, sinkOf } from "./bytes.js";
import { reasonsOf } from "./clean.js";
import { cancel, later, now } from "./clock.js";
import { isApiKeyError } from "./error.js";
import { drain, initOf, refusesSignal } from "./exchange.js";
import { DEFAULT_NAME, fileNameOf } from "./filename.js";
import { ABORTED, BROKEN, GIVE_DOCUMENT, GIVE_FILE, REDIRECT, TIMEOUT, WHOLE } from "./names.js";
import { matches, Options, platformFetch } from "./options.js";
import { can, get, ignore, own, quietly } from "./own.js";
import { redacted, secretOf, secretOfToken } from "./redact.js";
import { stepOf } from "./step.js";
import { Work } from "./work.js";

/** Milliseconds. */
const DEFAULT_TIMEOUT = 30_000;

const isSignal = (value) =>
  typeof get(value, "aborted") === "boolean" && can(value, "addEventListener") && can(value, "removeEventListener");

/** `template` with a value for each `{name}` in it. */
const fill = (template, get) => template.replace(/\{([\w.]+)\}/g, (_, name) => get(name));

/** Lets go of what a host's function gives, whatever that is. */
const letGo = (use) => quietly(() => Promise.resolve(use()).catch(ignore));

export class Call extends Work {
  /** What the caller passed. */
  options;
  /** What makes a result of a document, for the calls whose result is one. */
  #resultOf;
  /** The caller's functions, by the names of the options that they give. */
  #providers = { __proto__: null };
  #token;
  /** Every token that was sent: what the other side writes may quote them. */
  #secrets = [];
  /** What is not known to be a token, but may be quoted, by the name of its option. */
  #proposed = { __proto__: null };

  #endsAt = Infinity;
  #timer;
  #nap;
  #onAbort;
  #ended = 0;
  #isOver = false;
  #leave;

  #controller;
  #response;
  #body = WHOLE;
  #isFile = false;
  #document;

  /** `secrets` names the options that no text may quote. */
  constructor(given, resultOf, secrets = ["token"]) {
    super();
    this.#resultOf = resultOf;
    this.options = new Options(given);
    const { values } = this.options;
    for (const name of secrets) if (typeof values[name] === "string") this.#propose(name, values[name]);
    this.#start();
  }

  #propose(name, value) {
    const isText = typeof value === "string";
    // White space may belong to a password.
    this.options.values[name] = isText && name !== "password" ? value.trim() : value;
    this.#proposed[name] = isText ? value : "";
  }

  // Its deadline.

  /** Milliseconds; NaN where they are not a time, and then nothing ends the call. */
  get timeout() {
    const { timeout = DEFAULT_TIMEOUT } = this.options.values;
    return typeof timeout === "number" && timeout > 0 ? timeout : Number.NaN;
  }

  #start() {
    const { timeout } = this;
    const { signal } = this.options.values;
    if (Number.isNaN(timeout)) return;
    this.#endsAt = now() + timeout;
    this.#timer = later(timeout, () => this.#end(TIMEOUT));
    if (!isSignal(signal)) return;
    this.#onAbort = () => this.#end(ABORTED);
    quietly(() => {
      signal.addEventListener("abort", this.#onAbort);
      this.options.isHeard = true;
    });
    if (get(signal, "aborted")) this.#end(ABORTED);
  }

  /** Only marks it: an abort runs in the context of whoever aborts, and what follows belongs in the caller's. */
  #end(why) {
    if (this.#ended || this.#isOver) return;
    this.#ended = why;
    this.#leave?.();
  }

  /** A step that failed before the call ended has failed: the end counts from the next one on. */
  state() {
    return super.state() || this.#ended;
  }

  /**
   * Waits for what `start` gives: see stepOf.
   * @param {() => unknown} start
   * @param {(end?: any) => void} [taken]
   * @param {(error: any) => void} [failed]
   */
  step(start, taken = ignore, failed = (error) => this.blame(error)) {
    this.problem = undefined;
    if (this.#ended) return Promise.reject();
    // Made here, so that what `start` throws is a rejection.
    const { promise, leave } = stepOf(new Promise((resolve) => resolve(start())), taken, failed);
    this.#leave = leave;
    if (this.#ended) leave();
    return promise;
  }

  /** Step: waits; undefined where that takes longer than the call may. */
  sleep(milliseconds) {
    if (milliseconds >= this.#endsAt - now() || !can(globalThis, "setTimeout")) return undefined;
    const wait = (resolve) => {
      this.#nap = later(milliseconds, resolve);
    };
    return this.step(() => new Promise(wait));
  }

  // Its secrets.

  /** The token that was refused, while a function is asked for another one: a session looks. */
  static refused;

  /** Step: asks the caller's function for a secret. */
  ask(name) {
    this.#providers[name] ??= this.options.values[name];
    const provider = this.#providers[name];
    Call.refused = get(this.#response, "status") === 401 ? this.#token : undefined;
    const asked = this.step(
      () => provider(),
      (value) => this.#propose(name, value),
      (error) => {
        this.#propose(name, undefined);
        // Nobody knows yet what is secret in it, unless it is our own.
        this.blame(error, !isApiKeyError(error));
      },
    );
    Call.refused = undefined;
    return asked;
  }

  /** Takes the token that was found good, and says whether it is another than the one before. */
  adopt() {
    const { token } = this.options.values;
    const isNew = token !== this.#token;
    this.#token = token;
    this.#secrets.push(secretOfToken(token));
    this.#proposed.token = "";
    return isNew;
  }

  redact(text) {
    return redacted(text, [...this.#secrets, ...Object.values(this.#proposed).map(secretOf)]);
  }

  // Its exchange.

  /** Step: sends the request; `path` and `body` name the options that go into them. */
  send(method, path, body) {
    this.#close();
    this.#response = undefined;
    const { base, fetch, values } = this.options;
    const url = base + fill(path, (name) => values[name]);
    const json = body === "" ? undefined : fill(body, (name) => JSON.stringify(values[name]));
    const controller = quietly(() => new AbortController());
    this.#controller = controller;
    const send = (signal) => fetch(url, initOf(method, this.#token, json, signal));
    const sendAnyhow = async () => {
      try {
        return await send(controller?.signal);
      } catch (error) {
        if (!controller || this.#ended || !refusesSignal(error)) throw error;
        return send();
      }
    };
    return this.step(sendAnyhow, (response) => {
      this.#response = response;
      if (!this.#token) this.#propose("token", this.#header("x-subject-token"));
    });
  }

  /** The status of the answer, and whether it is a redirect, shown or followed; -1 where it is not a response. */
  status() {
    const status = get(this.#response, "status");
    if (!Number.isInteger(status) || status < 0 || status > 999) return -1;
    const isRedirect = get(this.#response, "type") === "opaqueredirect" || get(this.#response, "redirected") === true;
    return isRedirect ? status + REDIRECT : status;
  }

  /** Whether the platform's own fetch gave a reason that `pattern` matches: a replaced one may have sent before. */
  isRefused(pattern) {
    return (
      this.options.fetch === platformFetch && reasonsOf(this.problem.error).some((reason) => matches(pattern, reason))
    );
  }

  /** Step: reads the body up to `most` bytes. Those of a key file are kept if the call fails. */
  read(most, isFile) {
    const sink = sinkOf(most);
    this.sink = sink;
    this.#isFile = isFile;
    return this.step(
      () => drain(this.#response, sink),
      (end) => {
        this.#body = end;
        if (end !== WHOLE) return;
        // Nothing is left to let go of.
        sink.stop = undefined;
        this.#controller = undefined;
      },
      (error) => {
        this.#body = BROKEN;
        this.blame(error);
      },
    );
  }

  /** How reading the body ended. */
  body() {
    return this.#body;
  }

  /** Reads the body as JSON. The parser's own error quotes its input, so it goes no further. */
  json() {
    this.#document = quietly(() => [JSON.parse(decode(joined(this.sink)))]);
    return this.#document !== undefined;
  }

  /** The text or whole number at a path of names in the document, without the secrets in it. */
  member(path) {
    const value = path.split(".").reduce(own, this.#document[0]);
    return typeof value === "string" || Number.isInteger(value) ? this.redact(String(value)) : undefined;
  }

  #header(name) {
    const value = quietly(() => get(this.#response, "headers").get(name));
    return typeof value === "string" ? value : undefined;
  }

  /** A header of the answer, without the secrets in it. */
  header(name) {
    const value = this.#header(name);
    return value && this.redact(value);
  }

  // Its end.

  /** Lets go of what is left of the exchange. */
  #close() {
    const { stop } = this.sink;
    if (stop) letGo(stop);
    quietly(() => this.#controller?.abort());
    this.sink.stop = undefined;
    this.#controller = undefined;
  }

  release() {
    this.#isOver = true;
    cancel(this.#timer);
    cancel(this.#nap);
    if (this.#onAbort) quietly(() => this.options.values.signal.removeEventListener("abort", this.#onAbort));
    this.#close();
  }

  /** The body as a key file; undefined where the host makes none. */
  #file() {
    const name = fileNameOf(this.#header("content-disposition"));
    // A name that quotes a secret is none.
    return fileOf(this.sink, this.redact(name) === name ? name : DEFAULT_NAME, "application/zip");
  }

  /** Succeeds with nothing, with the body as a key file, or with what the document says; false where it is not that. */
  give(what) {
    const result =
      what === GIVE_FILE ? this.#file() : what === GIVE_DOCUMENT ? this.#resultOf?.(this.#document[0]) : undefined;
    if (what && !result) return false;
    this.succeed(result);
    return true;
  }

  /** What the caller aborted with. */
  reason() {
    return get(this.options.values.signal, "reason");
  }

  more(kind) {
    const cause = kind === "aborted" ? { cause: this.reason() } : super.more();
    const isThere = this.#isFile && this.sink.size > 0;
    return { ...cause, ...(isThere && { file: fileOf(this.sink, DEFAULT_NAME, "application/octet-stream") }) };
  }
}
