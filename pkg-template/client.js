// The package's functions, over some source of its WebAssembly module.

import { ApiKeyError } from "./error.js";
import { instantiate } from "./instance.js";
import { compile, whyNotLoaded } from "./module.js";
import { snapshot } from "./options.js";
import { within } from "./within.js";

const CRASHED = {
  kind: "internal",
  outcome: "unknown",
  happened: "crashed, so it is not known what was done: list the project's API keys before you call again.",
};

const named = (name, { happened, ...fields }) => ({ ...fields, message: `${name} ${happened}` });

export function client(defaultSource) {
  let loading;
  let module;
  let run;

  const load = (source) => {
    loading ??= compile(source)
      .then((compiled) => (module = compiled))
      // A failure is forgotten, so that the next call tries again.
      .finally(() => (loading = undefined));
    return loading;
  };

  // Runs one of the module's functions; whatever happens, the promise settles with a result or an ApiKeyError.
  const call = (name, argument, options = {}) =>
    new Promise((resolve, reject) => {
      const fail = (fields) => reject(new ApiKeyError(fields));
      const failBefore = (fields) => fail(named(name, fields));
      const start = () => {
        try {
          run ??= instantiate(module, () => (run = undefined));
          run(name, argument, (cause) => fail(named(name, { ...CRASHED, cause })))?.then(resolve, fail);
        } catch (error) {
          failBefore(whyNotLoaded(error));
        }
      };
      if (module) start();
      else within(options, () => load(defaultSource), whyNotLoaded).then(start, failBefore);
    });

  const withOptions = (name) => (given) => {
    let options;
    try {
      options = snapshot(given, name);
    } catch (error) {
      return Promise.reject(error);
    }
    return call(name, options, options);
  };

  return {
    createApiKey: withOptions("createApiKey"),
    deleteApiKey: withOptions("deleteApiKey"),
    readCredentials: (file) => call("readCredentials", file),
    init: async (source) => {
      if (module) return;
      try {
        await load(source ?? defaultSource);
      } catch (error) {
        throw new ApiKeyError(named("init", whyNotLoaded(error)));
      }
    },
  };
}
