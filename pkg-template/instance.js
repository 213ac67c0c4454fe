// A live instance of the module. Should it ever crash, every call that it runs still settles, and
// nothing enters it again.

import glue from "./glue.js";

// What the glue gets from a crashed module: it looks into some results as into lists.
const NOTHING = Object.freeze([]);

export function instantiate(module, onCrash) {
  const running = new Set();
  let crashed = false;

  const crash = (error) => {
    crashed = true;
    onCrash();
    // A message may quote anything; a name does not.
    const cause = new Error(`the module crashed (${error instanceof WebAssembly.RuntimeError ? "trap" : "exception"})`);
    for (const settle of running) settle(cause);
    running.clear();
  };

  const guard =
    (enter) =>
    (...values) => {
      try {
        if (!crashed) return enter(...values);
      } catch (error) {
        crash(error);
      }
      return NOTHING;
    };

  const functions = glue((imports) => {
    const { exports } = new WebAssembly.Instance(module, imports);
    // A module of another sort may start all the same.
    const hasMemory = Object.values(exports).some((value) => value instanceof WebAssembly.Memory);
    if (!hasMemory) throw new Error("what came is another module");
    const guarded = Object.entries(exports).map(([name, value]) => [
      name,
      typeof value === "function" ? guard(value) : value,
    ]);
    return Object.fromEntries(guarded);
  });

  // Runs an exported function; `settle` is called instead of `resolve` or `reject` if the module crashes.
  return (name, argument, resolve, reject, settle) => {
    const done = (end) => (value) => {
      running.delete(settle);
      end(value);
    };
    running.add(settle);
    const promise = functions[name](argument);
    if (!crashed) promise.then(done(resolve), done(reject));
  };
}
