// The package's functions, over some source of its WebAssembly module.

import { ApiKeyError } from "./error.js";
import { instantiate } from "./instance.js";
import { compile, whyNotLoaded } from "./module.js";
import { snapshot } from "./options.js";
import { within } from "./within.js";

// What is to be done after a crash, which leaves no module to say it.
const CRASHED = {
  createApiKey:
    "crashed; a key may exist whose file cannot be had any more: list the project's API keys and delete the one that appeared.",
  deleteApiKey: "crashed; the key may be deleted or not: delete it again, and a 404 says that it is gone.",
  listApiKeys: "crashed; nothing was changed: call again.",
  readCredentials: "crashed: open the file with another tool.",
};

const named = (name, { happened, ...fields }) => ({ ...fields, message: `${name} ${happened}` });

export function client(defaultSource) {
  let loading;
  let module;
  let instance;

  const enter = (compiled) => (instance = instantiate(compiled, () => (instance = undefined)));

  const load = (source) => {
    loading ??= compile(source)
      .then((compiled) => {
        // Only a module that can be entered is kept: another's would fail every call to come.
        enter(compiled);
        module = compiled;
      })
      // A failure is forgotten, so that the next call tries again.
      .finally(() => (loading = undefined));
    return loading;
  };

  // Settles with the result, or rejects with the fields of the error, whatever happens to the module.
  const run = (name, argument, options) =>
    new Promise((resolve, reject) => {
      const fail = (fields) => reject(named(name, fields));
      const crashed = (cause) => fail({ kind: "internal", outcome: "unknown", happened: CRASHED[name], cause });
      const start = () => {
        try {
          (instance ?? enter(module))(name, argument, resolve, reject, crashed);
        } catch (error) {
          fail(whyNotLoaded(error));
        }
      };
      const failToLoad = (fields) => {
        // A load that hangs is none that the next call should wait for.
        if (fields.kind === "timeout") loading = undefined;
        fail(fields);
      };
      if (module) start();
      else within(options, () => load(defaultSource), whyNotLoaded).then(start, failToLoad);
    });

  // Errors are made in an async function, so that their stack names who called it.
  const call = (name, read) => async (given) => {
    const options = read?.(given, name);
    try {
      return await run(name, read ? options : given, options);
    } catch (fields) {
      throw new ApiKeyError(fields);
    }
  };

  return {
    createApiKey: call("createApiKey", snapshot),
    deleteApiKey: call("deleteApiKey", snapshot),
    listApiKeys: call("listApiKeys", snapshot),
    readCredentials: call("readCredentials"),
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
