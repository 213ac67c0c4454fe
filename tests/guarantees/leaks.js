// Finds a secret in anything that an error shows: texts, properties, causes, printed forms, the console, RegExp's statics.
import { host } from "./host.js";

/** A leak is this many characters of a secret, wherever in it. */
export const WINDOW = 12;

/** By the object that lists secrets: those cut up so far, and their windows. Lists only grow, and errors are many. */
const cut = new WeakMap();

/** Something that finds every window of the given secrets in a text. */
export function detector(secrets) {
  if (!cut.has(secrets)) cut.set(secrets, { done: new Set(), windows: new Set() });
  const { done, windows } = cut.get(secrets);
  for (const secret of secrets) {
    if (done.has(secret)) continue;
    done.add(secret);
    for (let at = 0; at + WINDOW <= secret.length; at += 1) windows.add(secret.slice(at, at + WINDOW));
  }
  return (text) => {
    for (let at = 0; at + WINDOW <= text.length; at += 1) {
      if (windows.has(text.slice(at, at + WINDOW))) return true;
    }
    return false;
  };
}

function bytesAsTexts(bytes) {
  let latin1 = "";
  for (const byte of bytes) latin1 += String.fromCharCode(byte);
  return [latin1, latin1.replaceAll("\0", "")];
}

/** Every text reachable from `root`: keys, symbols, values, getters and prototypes, however hidden. `skip` is left out. */
export function* reachableTexts(root, skip = []) {
  const seen = new Set([globalThis, ...skip]);
  const queue = [["", root]];
  while (queue.length > 0) {
    const [path, value] = queue.pop();
    if (typeof value === "string") yield [path, value];
    else if (typeof value === "symbol") yield [path, String(value.description)];
    else if (typeof value === "bigint" || typeof value === "number") yield [path, String(value)];
    if (value === null || (typeof value !== "object" && typeof value !== "function") || seen.has(value)) continue;
    seen.add(value);
    if (typeof value === "function") yield [`${path}()`, Function.prototype.toString.call(value)];
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
      const bytes = ArrayBuffer.isView(value) ? new Uint8Array(value.buffer) : new Uint8Array(value);
      for (const text of bytesAsTexts(bytes)) yield [`${path} (bytes)`, text];
      continue;
    }
    if (value instanceof Map) for (const pair of value) queue.push([`${path}.<map>`, pair]);
    if (value instanceof Set) for (const item of value) queue.push([`${path}.<set>`, item]);
    for (let owner = value; owner !== null; owner = Object.getPrototypeOf(owner)) {
      for (const key of Reflect.ownKeys(owner)) {
        const name = `${path}.${String(key)}`;
        queue.push([`${name} (key)`, key]);
        const descriptor = Reflect.getOwnPropertyDescriptor(owner, key);
        if (descriptor === undefined) continue;
        if ("value" in descriptor) queue.push([name, descriptor.value]);
        else {
          queue.push([`${name} (getter)`, descriptor.get]);
          try {
            queue.push([name, Reflect.apply(descriptor.get, value, [])]);
          } catch {
            // A getter that refuses this receiver shows nothing.
          }
        }
      }
    }
  }
}

/** What RegExp remembers of the last match, which any code can read. */
export function regExpStatics() {
  const names = [
    "input",
    "$_",
    "lastMatch",
    "$&",
    "lastParen",
    "$+",
    "leftContext",
    "$`",
    "rightContext",
    "$'",
    "$1",
    "$2",
    "$3",
    "$4",
    "$5",
    "$6",
    "$7",
    "$8",
    "$9",
  ];
  return names.map((name) => [`RegExp["${name}"]`, String(RegExp[name] ?? "")]);
}

function* printedForms(value) {
  const attempt = (make) => {
    try {
      return String(make());
    } catch (error) {
      return `${error?.message}`;
    }
  };
  yield ["String()", attempt(() => String(value))];
  yield ["toString()", attempt(() => value.toString())];
  yield ["JSON.stringify", attempt(() => JSON.stringify(value))];
  yield ["JSON.stringify of own names", attempt(() => JSON.stringify(value, Object.getOwnPropertyNames(value)))];
  yield ["stack", attempt(() => value.stack)];
  if (host.inspect) yield ["util.inspect", attempt(() => host.inspect(value))];
}

/**
 * Where `value` shows a secret: a list of places, empty when it shows none.
 * @param {unknown} value
 * @param {Iterable<string>} secrets
 * @param {{ skip?: unknown[] }} [options] objects of the caller's own, such as an abort's reason
 */
export function leaksOf(value, secrets, { skip = [] } = {}) {
  // First of all, since matching below would overwrite them.
  const statics = regExpStatics();
  const found = detector(secrets);
  const places = new Set();
  const look = ([place, text]) => {
    if (found(text)) places.add(place);
  };
  statics.forEach(look);
  for (const pair of reachableTexts(value, skip)) look(pair);
  if (skip.length === 0) for (const pair of printedForms(value)) look(pair);
  // Printing matches too, and what it leaves behind is not the package's.
  /^/.test("");
  return [...places];
}

let written = [];

/** Records everything written to the console from now on, and still prints it. */
export function watchOutput() {
  for (const name of Reflect.ownKeys(console)) {
    const original = console[name];
    if (typeof original !== "function") continue;
    console[name] = function (...args) {
      for (const arg of args) {
        for (const [, text] of reachableTexts(arg)) written.push(text);
        for (const [, text] of printedForms(arg)) written.push(text);
      }
      return Reflect.apply(original, this, args);
    };
  }
  for (const stream of globalThis.process?.stdout ? [process.stdout, process.stderr] : []) {
    const { write } = stream;
    stream.write = function (chunk, ...rest) {
      written.push(typeof chunk === "string" ? chunk : new TextDecoder("latin1").decode(chunk));
      return Reflect.apply(write, this, [chunk, ...rest]);
    };
  }
}

/** What was written since the last call. */
export function takeOutput() {
  const output = written;
  written = [];
  return output;
}
