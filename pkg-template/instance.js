// A live instance of the module. Should it ever crash, every call that it runs is told, and nothing enters it again.

import { host } from "./bytes.js";
import glue from "./glue.js";
import { crashed } from "./sentences.js";

/**
 * What the glue gets from a crashed module: it looks into some results as into lists.
 * @type {any}
 */
const NOTHING = Object.freeze({ __proto__: null });

export function instantiate(module, onCrash) {
  const running = new Set();
  let hasCrashed = false;

  const crash = () => {
    hasCrashed = true;
    onCrash();
    // What it threw is not told: it may quote anything.
    const cause = new Error("the module crashed");
    for (const tell of running) tell(cause);
    running.clear();
  };

  const guard =
    (enter) =>
    (...values) => {
      try {
        if (!hasCrashed) return enter(...values);
      } catch {
        crash();
      }
      return NOTHING;
    };

  // Kept, should they vanish later.
  const { TextDecoder, TextEncoder } = host.coders;
  host.coders = { TextDecoder, TextEncoder };
  const functions = glue((imports) => {
    const { exports } = new WebAssembly.Instance(module, imports);
    /** @type {Record<string, any>} */
    const guarded = { __proto__: null };
    for (const name of Object.keys(exports)) {
      guarded[name] = typeof exports[name] === "function" ? guard(exports[name]) : exports[name];
    }
    return guarded;
  }, host.coders);

  /** Runs a call; rejects if the module crashes, in the context of whoever waits; `doubt` is what that leaves. */
  return (name, call, doubt) =>
    new Promise((resolve, reject) => {
      const tell = (cause) => reject(crashed(name, doubt, cause));
      const end = (settle) => (value) => {
        running.delete(tell);
        settle(value);
      };
      running.add(tell);
      call.promise.then(end(resolve), end(reject));
      functions[name](call);
    });
}
