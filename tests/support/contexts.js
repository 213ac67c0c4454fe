// Calls of several users at once, each in a context of its own, as on a server: tells what of a user's ran in another's.
// For Node, Deno and Bun. The soak has more users of this kind.
import { AsyncLocalStorage } from "node:async_hooks";

const USERS = ["ann", "ben", "cleo"];
const PROJECT = "0123456789abcdef0123456789abcdef";
const CREDENTIAL = "01234567-89ab-cdef-0123-456789abcdef";
/** A ZIP with one entry, "credential.csv", which holds the table "a\n1\n". */
const ZIP =
  "UEsDBBQAAAgAAAAAIQAAJMGJBAAAAAQAAAAOAAAAY3JlZGVudGlhbC5jc3ZhCjEKUEsBAhQAFAAACAAAAAAhAAAkwYkEAAAABAAAAA4AAAAAAAAAAAAAAAAA" +
  "AAAAAGNyZWRlbnRpYWwuY3N2UEsFBgAAAAABAAEAPAAAADAAAAAAAA==";
const bytesOf = (text) => new TextEncoder().encode(text);
const zip = () => Uint8Array.from(atob(ZIP), (character) => character.charCodeAt(0));

const storage = new AsyncLocalStorage();

/** One user: everything of theirs notes whose context it runs in. */
export class User {
  tokens = 0;
  requests = [];

  constructor(name, strays, ran) {
    this.name = name;
    this.endpoint = `https://${name}.example`;
    this.note = (what) => {
      ran.add(what);
      const at = storage.getStore();
      if (at !== name) strays.push(`${what} of ${name} ran in the context of ${at}`);
    };
  }

  /** Does work in this user's context. */
  run(work) {
    return storage.run(this.name, work);
  }

  /** The same with its functions and getters noted. */
  noted(what, members, target = {}) {
    for (const name of Object.keys(members)) {
      const note = () => this.note(`${what}.${String(name)}`);
      const get = () => {
        note();
        const member = members[name];
        return typeof member !== "function" ? member : (...values) => (note(), member(...values));
      };
      Object.defineProperty(target, name, { enumerable: true, get });
    }
    return target;
  }

  /** A promise of another kind, which many wait for. */
  thenable(what, value) {
    return { then: (resolve) => (this.note(`${what}.then`), resolve(value)) };
  }

  /** A response whose body is read in the given way. */
  response(status, bytes, way) {
    const pieces = [{ value: bytes }, { done: true }];
    const next = async () => this.noted("the piece", pieces.shift());
    const bodies = {
      reader: { getReader: () => this.noted("the reader", { read: next, cancel: async () => {} }) },
      iterator: {},
      buffer: undefined,
    };
    const body = bodies[way] && this.noted("the body", bodies[way]);
    const iterate = () => (
      this.note("the body's iterator"), this.noted("the iterator", { next, return: async () => {} })
    );
    if (way === "iterator") body[Symbol.asyncIterator] = iterate;
    return this.noted("the response", {
      status,
      type: "default",
      redirected: false,
      headers: this.noted("the headers", { get: (name) => (name === "retry-after" ? "0" : null) }),
      body,
      arrayBuffer: async () => bytes.buffer,
    });
  }

  /** A fetch that gives these in turn. */
  fetch(what, answers) {
    return (url, init) => {
      this.note(what);
      this.requests.push([url, new Headers(init.headers).get("X-Auth-Token")]);
      return this.thenable("the answer", answers.shift()());
    };
  }

  signal() {
    const listeners = new Set();
    const members = {
      aborted: false,
      reason: "not wanted",
      addEventListener: (_, listener) => listeners.add(listener),
      removeEventListener: (_, listener) => listeners.delete(listener),
    };
    const abort = () => {
      for (const listener of listeners) listener({ type: "abort" });
    };
    return { signal: this.noted("the signal", members), abort };
  }

  /** What a call takes, each option a getter. */
  options(more) {
    const token = () => {
      this.note("token");
      this.tokens += 1;
      return this.thenable("the token", `token ${this.tokens} of ${this.name}`);
    };
    const options = { endpoint: this.endpoint, projectId: PROJECT, signal: this.signal().signal, ...more };
    return this.noted("options", options, Object.defineProperty({}, "token", { enumerable: true, get: () => token }));
  }
}

/** An error each of whose members is looked at in somebody's context. */
const failing = (user) => () => {
  throw user.noted("the error", { name: "TypeError", message: "no", code: "E", cause: undefined }, new Error());
};

const answer = (user, status, bytes, way) => () => user.response(status, bytes, way);

/** What each user does at the same time as the others, by name. */
const WORK = {
  create: (keys, user) => {
    const fetch = user.fetch("fetch", [answer(user, 401, bytesOf("{}"), "reader"), answer(user, 200, zip(), "reader")]);
    return keys.createApiKey(user.options({ fetch, description: user.name }));
  },
  delete: (keys, user) => {
    const [busy, old] = [503, 401].map((status) => answer(user, status, bytesOf('{"code":1}'), "iterator"));
    const fetch = user.fetch("fetch", [busy, failing(user), old, answer(user, 200, bytesOf("null"), "iterator")]);
    return keys.deleteApiKey(user.options({ fetch, credentialId: CREDENTIAL, retries: 3 }));
  },
  list: (keys, user) => {
    const list = bytesOf('{"credentials":[{"id":"a"}]}');
    const fetch = user.fetch("fetch", [answer(user, 503, bytesOf("{}"), "buffer"), answer(user, 200, list, "buffer")]);
    return keys.listApiKeys(user.options({ fetch, retries: 1 }));
  },
  "a create that fails": async (keys, user) => {
    const error = await keys
      .createApiKey(user.options({ fetch: user.fetch("fetch", [failing(user)]) }))
      .catch((thrown) => thrown);
    if (error.kind !== "network") throw error;
  },
  "a create without a fetch of its own": (keys, user) => {
    user.answers = [answer(user, 200, zip(), "reader")];
    return keys.createApiKey(user.options({}));
  },
  "a create that is aborted in another's context": async (keys, user) => {
    const { signal, abort } = user.signal();
    const fetch = () => {
      user.note("fetch");
      setTimeout(() => storage.run("an aborter", abort), 1);
      return new Promise(() => {});
    };
    const error = await keys.createApiKey(user.options({ signal, fetch })).catch((thrown) => thrown);
    if (error.kind !== "aborted") throw error;
  },
  "opening a file": (keys, user) => {
    const members = { size: zip().length, arrayBuffer: async () => zip().buffer };
    return keys.readCredentials(user.noted("the file", members));
  },
  "loading the module": (keys, user) => keys.init(user.thenable("the source", user.module)),
};

/** Every way to use the package. */
export const WAYS = Object.keys(WORK);

/**
 * What of a user's ran in another's context, or got another's token; and what ran at all.
 * @param {object} keys the package, cold or warm
 * @param {string} first which of WAYS comes first: the one that meets a cold package
 * @param {WebAssembly.Module} module what `init` is given
 */
export async function strays(keys, first, module) {
  const found = [];
  const ran = new Set();
  const users = USERS.map((name) => Object.assign(new User(name, found, ran), { module }));
  const { fetch } = globalThis;
  // As a tracer does it: it asks whose request this is.
  globalThis.fetch = (url, init) => {
    const user = users.find(({ endpoint }) => url.startsWith(endpoint));
    return user.fetch("the global fetch", user.answers)(url, init);
  };
  try {
    for (const what of new Set([first, ...WAYS])) {
      let open;
      const gate = new Promise((resolve) => {
        open = resolve;
      });
      const run = async (user) => {
        await gate;
        await WORK[what](keys, user);
        user.note("what follows the call");
      };
      const calls = users.map((user) => user.run(() => run(user)));
      // The first of them settles what all wait for.
      users[0].run(open);
      const results = await Promise.allSettled(calls);
      for (const { reason } of results) if (reason) found.push(`${what}: ${reason.message}`);
    }
  } finally {
    globalThis.fetch = fetch;
  }
  for (const { name, endpoint, requests } of users) {
    for (const [url, token] of requests) {
      if (!url.startsWith(`${endpoint}/`) || !token.endsWith(` of ${name}`))
        found.push(`a request of ${name} went to ${url} with ${token}`);
    }
  }
  return { strays: found, ran: [...ran].sort() };
}
