// What the tests of scripts share that need a build.
import { register } from "node:module";
import { glue } from "./glue.js";

register(new URL("hooks.js", import.meta.url));

/** A script of the package. A `tag` makes it another copy, with nothing loaded yet. */
export const script = (name, tag = "") => import(`../../../pkg-template/${name}${tag && `?${tag}`}`);

/**
 * What the glue does from now on: every instance has these functions, which get its exports and what a call hands over.
 * Gives what was handed to the glue, an entry an instance.
 */
export function glueOf(functions) {
  const made = [];
  glue.make = (instantiate, coders) => {
    const exports = instantiate({});
    made.push({ exports, coders });
    const bound = Object.entries(functions).map(([name, run]) => [name, (call) => run(call, exports)]);
    return Object.fromEntries(bound);
  };
  return made;
}

/** Lets everything go on that waits for nothing but promises. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

/** The error with which a promise rejects. */
export const thrownBy = (promise) =>
  promise.then(
    () => {
      throw new Error("it fulfilled");
    },
    (error) => error,
  );

/** The error with which `use` rejects where the engine makes no instance. */
export function thrownWithoutMemory(use) {
  const { Instance } = WebAssembly;
  WebAssembly.Instance = class {
    constructor() {
      throw new Error("out of memory");
    }
  };
  return thrownBy(use()).finally(() => {
    WebAssembly.Instance = Instance;
  });
}
