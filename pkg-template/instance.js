// A live instance of the module. Should it ever crash, every call that it runs is told, and nothing enters it again.

import { coders } from "./bytes.js";
import glue from "./glue.js";
import { crashed } from "./sentences.js";

// What the glue gets from a crashed module: it looks into some results as into lists.
const NOTHING = Object.freeze({ __proto__: null });

export function instantiate(module, onCrash) {
  const running = new Set();
  let hasCrashed = false;

  const crash = (error) => {
    hasCrashed = true;
    onCrash();
    // A message may quote anything; a name does not.
    const cause = new Error(`the module crashed (${error instanceof WebAssembly.RuntimeError ? "trap" : "exception"})`);
    for (const tell of running) tell(cause);
    running.clear();
  };

  const guard =
    (enter) =>
    (...values) => {
      try {
        if (!hasCrashed) return enter(...values);
      } catch (error) {
        crash(error);
      }
      return NOTHING;
    };

  const functions = glue((imports) => {
    const { exports } = new WebAssembly.Instance(module, imports);
    const guarded = { __proto__: null };
    for (const name of Object.keys(exports)) {
      guarded[name] = typeof exports[name] === "function" ? guard(exports[name]) : exports[name];
    }
    return guarded;
  }, coders);

  /** Runs a call; rejects if the module crashes, in the context of whoever waits. */
  return (name, call) =>
    new Promise((resolve, reject) => {
      const tell = (cause) => reject(crashed(name, cause));
      const end = (settle) => (value) => {
        running.delete(tell);
        settle(value);
      };
      running.add(tell);
      call.promise.then(end(resolve), end(reject));
      functions[name](call);
    });
}
