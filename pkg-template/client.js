// The package's functions, over some source of their WebAssembly module.

import { ApiKeyError } from "./error.js";
import { instantiate } from "./instance.js";
import { loaderOf } from "./loader.js";
import { checkBuild } from "./module.js";
import { ABORTED, TIMEOUT } from "./names.js";
import { ignore } from "./own.js";
import { aborted, illegalTimeout, notLoaded, timedOut } from "./sentences.js";

/**
 * @param {(signal?: AbortSignal) => unknown} source gives the module, its bytes, or a response with them
 * @param {() => unknown} [copy] gives it where the source does not
 */
export function client(source, copy) {
  let module;
  let instance;

  const enter = (compiled) => {
    instance = instantiate(compiled, () => {
      instance = undefined;
    });
  };

  const join = loaderOf(source, copy, (compiled) => {
    if (module) return;
    checkBuild(compiled);
    // Only a module that can be entered is kept: another's would fail every call to come.
    enter(compiled);
    module = compiled;
  });

  const whyNotLoaded = (name, error) => notLoaded(name, error, copy !== undefined);

  /** Waits for the module, at most as long as the call lasts. */
  async function load(name, call) {
    if (Number.isNaN(call.timeout)) throw illegalTimeout(name);
    let problem;
    const { promise, leave } = join();
    const failed = (error) => {
      problem = whyNotLoaded(name, error);
    };
    await call.step(() => promise, ignore, failed).catch(ignore);
    leave();
    const end = call.state();
    if (end === TIMEOUT) throw timedOut(name);
    if (end === ABORTED) throw aborted(name, call.reason());
    if (problem) throw problem;
  }

  function enterWith(name, call, doubt) {
    if (!instance) {
      try {
        enter(module);
      } catch (error) {
        throw whyNotLoaded(name, error);
      }
    }
    return instance(name, call, doubt);
  }

  return {
    /**
     * @param {string} name the export of the module
     * @param {import("./work.js").Work} call
     * @param {string} doubt what is certain if the module crashes, and what to do
     */
    // Async, so that each step runs in the caller's context, and an error's stack names who called.
    async run(name, call, doubt) {
      try {
        if (!module) await load(name, call);
        return await enterWith(name, call, doubt);
      } catch (fields) {
        call.promise.catch(ignore);
        call.refuse(fields);
        throw new ApiKeyError(fields);
      }
    },
    isLoaded: () => module !== undefined,
    join,
    whyNotLoaded,
  };
}
