// Callers at once, each in a context of its own, with an endpoint, a project, a provider, a fetch and a signal of its
// own: every function of theirs notes whose context it runs in. For Node.
import { User } from "../support/contexts.js";
import { ENDPOINT, tokenOf } from "./stub.js";

const CALLERS = 128;
/** What has to have run, or nothing was shown. */
const HAS_TO_RUN = [
  "options.endpoint",
  "token",
  "the token.then",
  "the signal.addEventListener",
  "the signal.removeEventListener",
  "fetch",
  "the answer.then",
  "the headers.get",
  "the reader.read",
  "the reader.cancel",
  "what follows the call",
];
/** So many strays are quoted. */
const QUOTED = 5;

class Caller extends User {
  constructor(name, strays, ran) {
    super(name, strays, ran);
    this.endpoint = `${ENDPOINT}/${name}`;
    this.project = name.padEnd(32, "0");
    this.tell = (what) => strays.push(what);
  }

  /** The same options with all that is in them noted. */
  optionsOf({ token, fetch, signal, ...rest }, { n }) {
    const provider = () => {
      this.note("token");
      return this.thenable("the token", token());
    };
    const send = (url, init) => {
      this.note("fetch");
      const sent = new Headers(init.headers).get("x-auth-token");
      if (!sent?.startsWith(tokenOf(n, ""))) this.tell(`a fetch of call ${n} got the token ${sent}`);
      return this.thenable(
        "the answer",
        fetch(url, init).then((answer) => this.#response(answer)),
      );
    };
    return this.noted("options", {
      ...rest,
      token: typeof token === "string" ? token : provider,
      fetch: send,
      signal: signal && this.#signal(signal),
    });
  }

  hear(settled) {
    this.note("what follows the call");
    return settled;
  }

  #signal(signal) {
    return this.noted("the signal", {
      get aborted() {
        return signal.aborted;
      },
      get reason() {
        return signal.reason;
      },
      addEventListener: (...values) => signal.addEventListener(...values),
      removeEventListener: (...values) => signal.removeEventListener(...values),
    });
  }

  #response(response) {
    const { status, type, redirected, headers } = response;
    return this.noted("the response", {
      status,
      type,
      redirected,
      headers: this.noted("the headers", { get: (name) => headers.get(name) }),
      body: response.body && this.noted("the body", { getReader: () => this.#reader(response.body.getReader()) }),
    });
  }

  #reader(reader) {
    return this.noted("the reader", {
      read: async () => this.noted("the piece", await reader.read()),
      cancel: (reason) => reader.cancel(reason),
    });
  }
}

/** Those who call, `look()` for what was noted, and `wrong()` for what is amiss with it. */
export function manyCallers() {
  const ran = {};
  const strays = { count: 0, quoted: [] };
  const push = (what) => {
    strays.count += 1;
    if (strays.quoted.length < QUOTED) strays.quoted.push(what);
  };
  const add = (what) => {
    ran[what] = (ran[what] ?? 0) + 1;
  };
  return {
    list: Array.from({ length: CALLERS }, (_, at) => new Caller(`caller-${at}`, { push }, { add })),
    look: () => ({
      callers: CALLERS,
      ran: Object.values(ran).reduce((sum, count) => sum + count, 0),
      idle: HAS_TO_RUN.filter((what) => !ran[what]),
      strays: structuredClone(strays),
    }),
  };
}
