// What every test needs: secrets, scenarios of the rogue server, and the checks that hold for each answer and each error.
import { assert } from "chai";
import { host, platform, task } from "./host.js";
import { leaksOf, regExpStatics, detector, takeOutput, WINDOW } from "./leaks.js";
import { base64, zip } from "../support/zip.js";

export { assert, host, platform, task };

export const PROJECT = "0123456789abcdef0123456789abcdef";
export const CREDENTIAL = "01234567-89ab-cdef-0123-456789abcdef";
export const KINDS = [
  "invalid_argument",
  "network",
  "timeout",
  "aborted",
  "redirect",
  "http",
  "unexpected_response",
  "internal",
];
export const OUTCOMES = ["not_sent", "rejected", "unknown"];
/** Long enough to reach a server on a busy machine, short enough to wait for. */
export const DEADLINE = 800;

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

let secrets = new Set();
let restores = [];
let scenarios = 0;

/** Text that no output may show, of the given length. */
export function secretText(length, alphabet = BASE64) {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  let text = "";
  for (const byte of bytes) text += alphabet[byte % alphabet.length];
  return keepSecret(text);
}

export function keepSecret(text) {
  secrets.add(text);
  return text;
}

/** A token as IAM gives it: thousands of characters of base64. */
export function secretToken(length = 4096) {
  const token = `${secretText(length - 2).slice(0, length - 2)}==`;
  return keepSecret(token);
}

/** The secrets of the test that runs. */
export const currentSecrets = () => [...secrets];

/** Undoes a patch when the test ends, however it ends. */
export const onEnd = (restore) => restores.push(restore);

/** Replaces a property until the test ends. */
export function patch(target, name, value) {
  const original = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: original?.enumerable ?? true,
  });
  const restore = () => (original ? Object.defineProperty(target, name, original) : delete target[name]);
  onEnd(restore);
  return restore;
}

/** A named guarantee: afterwards nothing is patched, nothing unhandled, and no secret was written anywhere. */
export function test(title, body) {
  it(title, async function () {
    secrets = new Set();
    restores = [];
    takeOutput();
    host.unhandled.length = 0;
    try {
      await body.call(this);
    } finally {
      for (const restore of restores.reverse()) await restore();
    }
    // Unhandled rejections are told in a later task.
    await task();
    await task();
    assert.deepEqual(host.unhandled, [], "unhandled rejections or global errors");
    const found = detector(secrets);
    assert.isFalse(takeOutput().some(found), "a secret was written to the console");
  });
}

async function control(verb, id, init, query = "") {
  const response = await platform.fetch(`${host.origins[0]}/control/${verb}/${id}${query}`, init);
  if (!response.ok) throw new Error(`The rogue server did not take ${verb}: ${await response.text()}`);
  return response.json();
}

/**
 * Tells the rogue server how to answer, and where to call it.
 * @param {object | object[]} answers see tests/support/rogue.js
 * @param {{ origin?: number, preflight?: string }} [options] `origin` 0 is the page's own
 */
export async function scenario(answers, { origin = 1, preflight } = {}) {
  scenarios += 1;
  const id = `${host.name}${Date.now().toString(36)}${scenarios}`;
  const plan = { answers: [answers].flat(), preflight };
  await control("plan", id, { method: "POST", body: JSON.stringify(plan) });
  return {
    id,
    endpoint: `${host.origins[origin]}/s/${id}`,
    log: () => control("log", id),
    wait: (wanted) => control("wait", id, {}, `?${new URLSearchParams(wanted)}`),
    release: () => control("release", id, { method: "POST" }),
  };
}

/** A key file as the service makes one: its bytes, and the secret in it, which is stored so that a copy would show. */
export async function keyFile({ description = "For test", secret = secretText(64), ...entry } = {}) {
  keepSecret(secret);
  const csv = `API Key Name,API Key\r\n"${description}",${secret}\r\n`;
  return { secret, csv, bytes: await zip([{ name: "credential.csv", data: csv, ...entry }]) };
}

/** An answer that carries `bytes` with status 200. */
export const fileAnswer = (bytes, more = {}) => ({
  base64: base64(bytes),
  headers: { "Content-Type": "application/zip" },
  ...more,
});

/** The options of a call to a scenario. */
export const to = ({ endpoint }, more = {}) => ({ endpoint, projectId: PROJECT, token: secretToken(), ...more });

/** What RegExp shows is looked at while the call is still young, too: the platform's own matches soon cover it. */
function started(call) {
  assertCleanStatics();
  return call;
}

export const create = (where, more) => started(host.pkg.createApiKey(to(where, more)));
export const remove = (where, more) => started(host.pkg.deleteApiKey(to(where, { credentialId: CREDENTIAL, ...more })));

/** Both calls, for tests that hold for either. */
export const CALLS = [
  ["create", create],
  ["delete", remove],
];

function assertCleanStatics() {
  const statics = regExpStatics().filter(([, text]) => text.length >= WINDOW);
  if (statics.length === 0) return;
  const found = detector(secrets);
  assert.deepEqual(
    statics.filter(([, text]) => found(text)).map(([place]) => place),
    [],
    "a secret in RegExp's statics",
  );
}

/** A `fetch` of the test's own: what it was called with, and `answer(call)` for an answer. */
export function stub(answer) {
  const calls = [];
  function fetch(input, init) {
    const isRequest = typeof input === "object" && !(input instanceof URL);
    const call = {
      self: this,
      input,
      init,
      url: isRequest ? input.url : String(input),
      get: (name) => (init && name in init ? init[name] : isRequest ? input[name] : undefined),
    };
    calls.push(call);
    return answer(call);
  }
  return Object.assign(fetch, { calls });
}

/** Counts what passes through to the platform's fetch. */
export const counted = () => stub(({ input, init }) => platform.fetch(input, init));

export async function bytesOf(blob) {
  return new Uint8Array(await blob.arrayBuffer());
}

export function sameBytes(actual, expected, what = "the bytes") {
  assert.equal(actual.length, expected.length, `${what}: length`);
  const differs = expected.findIndex((byte, at) => actual[at] !== byte);
  assert.equal(differs, -1, `${what}: the first byte that differs`);
}

const oneOf = (value, allowed, what) => assert.include([allowed].flat(), value, what);

/** What holds for every error of the package. `skip` names objects of the caller's own that may show secrets. */
export function checkError(error, { kind, outcome, call, skip } = {}) {
  const places = leaksOf(error, secrets, { skip });
  assert.deepEqual(places, [], "a secret shows in the error");
  const { ApiKeyError, isApiKeyError } = host.pkg;
  assert.isTrue(error instanceof ApiKeyError, `an ApiKeyError, not ${typeof error} ${error?.name}: ${error?.message}`);
  assert.isTrue(error instanceof Error, "an Error");
  assert.isTrue(isApiKeyError(error), "isApiKeyError");
  assert.include(KINDS, error.kind, "kind");
  assert.include(OUTCOMES, error.outcome, "outcome");
  assert.isString(error.message);
  assert.isNotEmpty(error.message);
  assert.isBelow(error.message.length, 500, "the length of the message");
  const told = `${error.kind}/${error.outcome}: ${error.message}`;
  if (kind !== undefined) oneOf(error.kind, kind, `kind of ${told}`);
  if (outcome !== undefined) oneOf(error.outcome, outcome, `outcome of ${told}`);
  for (const name of ["code", "errorCode", "errorMsg", "detail", "requestId"]) {
    if (error[name] !== undefined) assert.isString(error[name], name);
  }
  if (error.kind !== "aborted" && error.cause !== undefined) {
    assert.isTrue(error.cause instanceof Error, "the cause is an Error of our own");
  }
  if (call === "create" && error.outcome === "unknown") {
    assert.match(error.message, /key/i, "an unknown create speaks of the key");
    assert.match(error.message, /\b(may|might)\b/i, "an unknown create says that a key may exist");
    assert.match(error.message, /revoke|delete/i, "an unknown create says how to be rid of it");
  }
  return error;
}

/** Checks that an error names an unknown option, unless the name is itself no name to print. */
export function assertUnknownOption(error, name) {
  const told = error.issues.some(
    ({ field, message }) =>
      field === name || (field === "options" && (message.includes(name) || !/^[A-Za-z]+$/.test(name))),
  );
  assert.isTrue(told, `the issues name the unknown option: ${JSON.stringify(error.issues)}`);
}

/** The error with which `promise` rejects, checked. */
export async function fails(promise, expected) {
  assert.isTrue(promise instanceof Promise || typeof promise?.then === "function", "a promise");
  let value;
  try {
    value = await promise;
  } catch (error) {
    return checkError(error, expected);
  }
  assert.fail(
    `it should have failed as ${expected?.kind}/${expected?.outcome}, but resolved with ${Object.prototype.toString.call(value)}`,
  );
}

/** What `promise` resolves with; no secret may be left in RegExp's statics. */
export async function succeeds(promise) {
  const value = await promise;
  assertCleanStatics();
  return value;
}

/** A promise with its handles. */
export function deferred() {
  const handles = {};
  handles.promise = new Promise((resolve, reject) => Object.assign(handles, { resolve, reject }));
  return handles;
}

/** Never settles. */
export const never = () => new Promise(() => {});
