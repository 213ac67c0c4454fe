// One exchange over fetch: what is sent, and the body that comes back, piece by piece.

import { BROKEN, CLOSED, LARGE, WHOLE } from "./names.js";
import { can, get, isObject, own, quietly } from "./own.js";

/** Some hosts throw on those that their requests do not have. */
const POLICIES = { credentials: "omit", cache: "no-store", referrer: "", referrerPolicy: "no-referrer" };

/** What fetch is given. It inherits nothing, and its headers are a record, which survives being spread. */
export function initOf(method, token, body, signal) {
  const headers = { __proto__: null };
  if (token) headers["X-Auth-Token"] = token;
  const init = { __proto__: null, method, headers, redirect: "manual" };
  const known = quietly(() => Request.prototype);
  for (const name of Object.keys(POLICIES)) if (!known || name in known) init[name] = POLICIES[name];
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = body;
  }
  if (signal) init.signal = signal;
  return init;
}

/** Whether fetch refused a signal of another realm. It does that before it sends anything. */
export const refusesSignal = (error) => /expected signal .*AbortSignal/i.test(get(error, "message"));

/** The pieces of a body, from whatever gives them; undefined where nothing does. */
function piecesOf(body) {
  if (can(body, "getReader")) {
    const reader = body.getReader();
    return { next: () => reader.read(), stop: () => reader.cancel() };
  }
  if (can(body, Symbol.asyncIterator)) {
    const pieces = body[Symbol.asyncIterator]();
    return { next: () => pieces.next(), stop: () => pieces.return?.() };
  }
  return undefined;
}

/** Adds a piece, a view or a buffer of any realm, without a copy; tells whether it is whole with it, or too large. */
function add(sink, piece) {
  const isView = ArrayBuffer.isView(piece);
  const bytes =
    piece instanceof Uint8Array
      ? piece
      : isView
        ? new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength)
        : new Uint8Array(piece);
  sink.chunks.push(bytes);
  sink.size += bytes.length;
  return sink.size > sink.most ? LARGE : WHOLE;
}

/** Reads the body of a response, or of what a stub gives for one, into a sink; tells how it ended. */
export async function drain(response, sink) {
  const body = get(response, "body");
  const pieces = piecesOf(body);
  if (pieces) {
    sink.stop = pieces.stop;
    for (;;) {
      const step = await pieces.next();
      if (own(step, "done")) return WHOLE;
      const piece = own(step, "value");
      const end = ArrayBuffer.isView(piece) ? add(sink, piece) : BROKEN;
      if (end) return end;
    }
  }
  if (can(response, "arrayBuffer")) {
    const buffer = await response.arrayBuffer();
    return isObject(buffer) ? add(sink, buffer) : BROKEN;
  }
  const isThere = body != null || can(response, "blob") || can(response, "text") || can(response, "json");
  return isThere ? CLOSED : WHOLE;
}
