// What goes wrong where no Rust runs: before the module is there, and after it crashed. What Rust says, too, is compared
// with it by a test.

import { get } from "./own.js";

/** The rule for the option `timeout`. */
export const TIMEOUT_RULE = "must be milliseconds above 0, or Infinity";

// What is certain after a crash, and what to do: an entry says it of each call, so that what an app does not call
// shakes away.
export const MAY_EXIST =
  "a key may exist whose file can no longer be downloaded: list the project's API keys and delete the one that appeared.";
export const MAY_BE_DELETED = "the key may or may not be deleted: delete it again, and a 404 says that it is gone.";
export const NOTHING_CHANGED = "nothing was changed: call again.";
export const NO_TOKEN = "no token was received: call again.";
export const ANOTHER_TOOL = "open the file with another tool.";

/** The smallest module there is: if not even that compiles, it is not for its bytes. */
const EMPTY = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** Why no WebAssembly may run here, as the engine says; undefined where it may. */
function whyBlocked() {
  try {
    new WebAssembly.Module(EMPTY);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** A reason as somebody else words it, on one short line. */
const told = (error) =>
  String(get(error, "message") ?? error ?? "no reason was given")
    .replace(/\s+/g, " ")
    .slice(0, 200);

/** The fields of the error of a call for which nothing was sent. */
const notSent = (name, kind, happened, advice, more) => ({
  __proto__: null,
  kind,
  outcome: "not_sent",
  message: `${name} ${happened}; nothing was sent: ${advice}.`,
  ...more,
});

export const illegalTimeout = (name) =>
  notSent(
    name,
    "invalid_argument",
    `got invalid arguments: timeout ${TIMEOUT_RULE}`,
    "fix the options and call again",
    {
      issues: [{ field: "timeout", message: TIMEOUT_RULE }],
    },
  );

export const timedOut = (name) => notSent(name, "timeout", "ran out of time", "call again with more time");

export const aborted = (name, cause) =>
  notSent(name, "aborted", "was aborted", "call again when you need it", { cause });

/** `hasFile` tells whether the module is a file of its own. */
export function notLoaded(name, error, hasFile) {
  const reason = told(typeof WebAssembly === "undefined" ? "there is no WebAssembly here" : (whyBlocked() ?? error));
  let happened = `could not load its WebAssembly module (${reason})`;
  let advice = "pass the module, compiled before, to init()";
  if (/security.policy|csp|unsafe-eval/i.test(reason)) {
    happened = "may not run WebAssembly here";
    advice = "add 'wasm-unsafe-eval' to script-src of the Content-Security-Policy";
  } else if (hasFile) {
    advice = "check that node_provider_keys.wasm is served beside the script, or pass it to init()";
  }
  return notSent(name, "internal", happened, advice, { cause: new Error(told(error)) });
}

export const crashed = (name, doubt, cause) => ({
  __proto__: null,
  kind: "internal",
  outcome: "unknown",
  message: `${name} crashed; ${doubt}`,
  cause,
});
