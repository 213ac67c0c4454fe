import { answer } from "./realm.js";

const INTRINSICS = [
  Object,
  Function,
  Array,
  Error,
  TypeError,
  Promise,
  RegExp,
  String,
  Number,
  Map,
  Set,
  Uint8Array,
  ArrayBuffer,
  JSON,
  Math,
  Reflect,
];

function freeze(value) {
  try {
    Object.freeze(value);
  } catch {
    // Some platforms do not let their global object be frozen.
  }
  return Object.isFrozen(value);
}

async function work({ packageUrl, good, bad, refused }) {
  const problems = [];
  const listen = (what, event) => problems.push(`${what}: ${String(event?.reason ?? event?.message ?? event)}`);
  if (typeof process === "object") {
    process.on("unhandledRejection", (reason) => listen("unhandled", reason));
    process.on("uncaughtException", (error) => listen("uncaught", error));
  } else {
    self.addEventListener("unhandledrejection", (event) => listen("unhandled", event));
    self.addEventListener("error", (event) => listen("uncaught", event));
  }
  // Node builds many of its globals at their first use, which a frozen global object prevents for everyone.
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    try {
      void globalThis[name];
    } catch {
      // Not to be had in a worker.
    }
  }
  await fetch("data:,").catch(() => {});
  const { setTimeout } = globalThis;
  const { createApiKey, isApiKeyError } = await import(packageUrl);
  const intrinsics = INTRINSICS.map(
    (value) => freeze(value) && (value.prototype === undefined || freeze(value.prototype)),
  ).every(Boolean);
  const frozen = { intrinsics, globalThis: freeze(globalThis) };
  const failure = (options) =>
    createApiKey(options).then(
      () => "resolved",
      (error) => ({
        kind: error.kind,
        outcome: error.outcome,
        errorCode: error.errorCode,
        isApiKeyError: isApiKeyError(error),
      }),
    );
  const results = {
    frozen,
    problems,
    good: await createApiKey(good).then(
      (file) => file.size,
      (error) => String(error?.stack),
    ),
    bad: await failure(bad),
    invalid: await failure({ ...good, projectId: "x" }),
    refused: await failure(refused),
  };
  await new Promise((resolve) => setTimeout(resolve, 0));
  return results;
}

await answer(work);
