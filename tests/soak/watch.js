// What calls leave behind: timers, listeners on abort signals, places in the module's memory, and handles that the module holds.
import { captureMemories, captured } from "../guarantees/memory.js";

const PAGE = 65_536;

/** The platform's own, which count for nothing. */
export const platform = {
  setTimeout: globalThis.setTimeout.bind(globalThis),
  clearTimeout: globalThis.clearTimeout.bind(globalThis),
};

/** How wasm-bindgen's list of handles begins: so many places without a value, and then these. */
const UNUSED = 1024;
const CONSTANTS = [undefined, null, true, false];

const timers = new Set();
const lists = new Set();
const listeners = new WeakMap();

/** Has to run before the package is imported. */
export function watch() {
  captureMemories();
  watchTimers();
  watchListeners();
  watchHandles();
}

function watchHandles() {
  const { fill } = Array.prototype;
  Array.prototype.fill = function (...args) {
    if (this.length === UNUSED && args[0] === undefined) lists.add(this);
    return fill.apply(this, args);
  };
}

function watchTimers() {
  globalThis.setTimeout = (callback, milliseconds, ...rest) => {
    const timer = platform.setTimeout(() => {
      timers.delete(timer);
      callback(...rest);
    }, milliseconds);
    timers.add(timer);
    return timer;
  };
  globalThis.clearTimeout = (timer) => {
    timers.delete(timer);
    platform.clearTimeout(timer);
  };
}

function watchListeners() {
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    if (this instanceof AbortSignal) {
      if (!listeners.has(this)) listeners.set(this, new Map());
      listeners.get(this).set(listener, Boolean(options?.once));
    }
    return addEventListener.call(this, type, listener, options);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    if (this instanceof AbortSignal) listeners.get(this)?.delete(listener);
    return removeEventListener.call(this, type, listener, options);
  };
}

/** How many listeners are on a signal now. */
export function listenersOn(signal) {
  const left = [...(listeners.get(signal) ?? [])].filter(([, once]) => !(once && signal.aborted));
  return left.length;
}

/** How many timers of `setTimeout` have neither fired nor been cleared. */
export const pendingTimers = () => timers.size;

/** The module's memory in pages, its list of handles, and how many places of that are taken. */
export function module() {
  const [memory, ...otherMemories] = captured();
  const [handles, ...otherHandles] = [...lists].filter((list) =>
    CONSTANTS.every((value, at) => list[UNUSED + at] === value),
  );
  if (!memory || !handles)
    throw new Error("the module's memory or its list of handles was not seen, so nothing was measured");
  if (otherMemories.length + otherHandles.length > 0)
    throw new Error("the module was made anew in the midst of the run: it crashed");
  // A free place holds the number of the next one.
  const taken = handles.filter((value) => typeof value !== "number").length;
  return { pages: memory.buffer.byteLength / PAGE, handles: handles.length, taken };
}
