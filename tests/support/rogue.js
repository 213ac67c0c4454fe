// A server over raw sockets that answers as it is told, to see what a client makes of it.
//
// A test registers a plan under an id of its own, calls the API at `ORIGIN/s/<id>`, and reads what arrived from the log.
// Both can be done in this process (`plan`, `log`, `wait`, `release`) or over HTTP, from a page (`/control/…`).
//
// A plan is `{ answers: [answer, …], preflight?: "allow" | "any" | "deny" | "keep" }`: "any" allows every header, "keep"
// keeps the preflight's connection for the request itself. Request n gets answer n, later ones the last.
// An answer, every field optional:
//   status, reason        the status line; 200
//   headers               { name: value | [value, …] }; placeholders are filled in
//   cors                  false leaves the CORS headers out
//   body | base64         text with placeholders, or bytes
//   encoding              "gzip" | "deflate" | "br": encodes the body and says so
//   framing               "length" (default) | "chunked" | "close" (the end of the connection ends the body)
//   length                a Content-Length other than the true one
//   chunk, drip           bytes per write (and per chunk), milliseconds between writes
//   endless               true repeats the body for ever
//   informational         status lines (and headers) sent before, such as "103 Early Hints"
//   flood                 true repeats those for ever
//   raw                   bytes in base64, sent instead of everything above but chunk and drip
//   keepAlive             true keeps the connection for another request
//   stop                  { at: "request" | "status" | "headers" | "body" | "end", after?: bytes of that part,
//                           how: "close" | "reset" | "stall" | "hold" }: "hold" goes on when released; "request" is
//                           its head, or, with `after`, so many bytes of it, and no more of it is read
// Placeholders: {{token}} the request's X-Auth-Token, or the password of a sign-in; {{token:from:to}} a part of it; {{token.json}} each character as
// \u00XX; {{token.slash}} with \/; {{token.html}} with entities; {{token.previous}} the request's before;
// {{self}} this origin; {{other}} the last origin; {{id}} the plan's id; {{n}} the request's number from 0.
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";

const ENCODERS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
/** Milliseconds in which a client reads what came before a reset. */
const RESET_AFTER = 30;
const CORS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": "Content-Disposition, X-Request-Id, Retry-After",
};

/** Reads one request off the front of `buffer`: null when more bytes are needed; without its body once `headersOnly`. */
function parseRequest(buffer, headersOnly) {
  const end = buffer.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const [line, ...fields] = buffer.toString("latin1", 0, end).split("\r\n");
  const [method, target] = line.split(" ");
  const headers = {};
  for (const field of fields) {
    const colon = field.indexOf(":");
    const name = field.slice(0, colon).toLowerCase();
    const value = field.slice(colon + 1).trim();
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  const start = end + 4;
  if (headersOnly) return { method, target, headers, body: Buffer.alloc(0), size: start };
  if (headers["transfer-encoding"] === "chunked") {
    const parts = [];
    let at = start;
    for (;;) {
      const lineEnd = buffer.indexOf("\r\n", at);
      if (lineEnd < 0) return null;
      const size = parseInt(buffer.toString("latin1", at, lineEnd), 16);
      if (buffer.length < lineEnd + 4 + size) return null;
      parts.push(buffer.subarray(lineEnd + 2, lineEnd + 2 + size));
      at = lineEnd + 4 + size;
      if (!(size > 0)) return { method, target, headers, body: Buffer.concat(parts), size: at };
    }
  }
  const length = Number(headers["content-length"] ?? 0);
  if (buffer.length < start + length) return null;
  return { method, target, headers, body: buffer.subarray(start, start + length), size: start + length };
}

/** What the first line of a request says, before the rest of it has come. */
function parseFirstLine(buffer) {
  const [, method, target] = /^(\S+) (\S+) HTTP/.exec(buffer.toString("latin1", 0, 500)) ?? [];
  return method && { method, target, headers: {}, body: Buffer.alloc(0), size: buffer.length };
}

/** What stands for the token in a sign-in. */
const passwordOf = (body) => /"password":"([^"]*)"/.exec(body.toString("utf8"))?.[1] ?? "";

function fill(text, context) {
  return text.replace(/\{\{([a-z.]+)(?::(\d+):(\d+))?\}\}/g, (_, name, from, to) => {
    const cut = (value) => (from === undefined ? value : value.slice(Number(from), Number(to)));
    switch (name) {
      case "token":
        return cut(context.token);
      case "token.previous":
        return cut(context.previous);
      case "token.json":
        return cut(context.token).replace(/[^]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
      case "token.slash":
        return cut(context.token).replaceAll("/", "\\/");
      case "token.html":
        return cut(context.token).replace(/[^A-Za-z0-9]/g, (c) => `&#${c.charCodeAt(0)};`);
      default:
        return String(context[name]);
    }
  });
}

function cut(bytes, size) {
  const pieces = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

/** The three parts of an answer as bytes: status line, header block, and the writes of the body. */
function serialise(answer, context) {
  const status = answer.status ?? 200;
  let body =
    answer.base64 === undefined
      ? Buffer.from(fill(answer.body ?? "", context), "utf8")
      : Buffer.from(answer.base64, "base64");
  const headers = { ...(answer.cors === false ? {} : CORS), ...(answer.keepAlive ? {} : { Connection: "close" }) };
  if (answer.encoding) {
    body = ENCODERS[answer.encoding](body);
    headers["Content-Encoding"] = answer.encoding;
  }
  const framing = answer.endless ? "close" : (answer.framing ?? "length");
  const bodiless = [204, 205, 304].includes(status) && body.length === 0;
  if (framing === "chunked") headers["Transfer-Encoding"] = "chunked";
  else if (framing === "length" && (!bodiless || answer.length !== undefined))
    headers["Content-Length"] = answer.length ?? body.length;
  Object.assign(headers, answer.headers);
  const lines = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${fill(String(value), context)}\r\n`),
  );

  let pieces = cut(body, answer.chunk ?? (framing === "chunked" ? 1024 : Infinity));
  if (framing === "chunked") {
    pieces = pieces.map((piece) =>
      Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n")]),
    );
    pieces.push(Buffer.from("0\r\n\r\n"));
  }
  return {
    status: Buffer.from(`HTTP/1.1 ${status} ${answer.reason ?? "Told So"}\r\n`),
    headers: Buffer.from(`${lines.join("")}\r\n`, "latin1"),
    pieces,
  };
}

/**
 * Starts the server on `ports` free ports of 127.0.0.1, each an origin of its own.
 * @param {{ ports?: number, serve?: (request: { method: string, path: string, query: URLSearchParams, body: Buffer }) =>
 *   Promise<{ status?: number, headers?: Record<string, string>, body?: Buffer | string } | null> }} [options]
 *   `serve` answers every path outside `/s/` and `/control/`.
 */
export async function startRogue({ ports = 3, serve = async () => null } = {}) {
  const plans = new Map();
  const sockets = new Set();
  // Connections that this side has ended, or is done with: what closes otherwise was abandoned by the client.
  const ended = new WeakSet();
  const origins = [];

  const entry = (id) => {
    if (!plans.has(id))
      plans.set(id, {
        plan: { answers: [{}] },
        requests: [],
        preflights: [],
        abandoned: 0,
        bodyBytes: 0,
        held: [],
        watchers: new Set(),
      });
    return plans.get(id);
  };
  const changed = (state) => {
    for (const watcher of state.watchers) watcher();
  };
  const log = (id) => {
    const { requests, preflights, abandoned, bodyBytes, held } = entry(id);
    return { requests, preflights, abandoned, bodyBytes, held: held.length };
  };
  /** Resolves with the log once it has so many requests, abandoned connections, held answers or body bytes sent. */
  const wait = (id, wanted) =>
    new Promise((resolve) => {
      const state = entry(id);
      const look = () => {
        const now = {
          requests: state.requests.length,
          abandoned: state.abandoned,
          held: state.held.length,
          bodyBytes: state.bodyBytes,
        };
        if (!Object.entries(wanted).every(([name, count]) => now[name] >= count)) return;
        state.watchers.delete(look);
        resolve(log(id));
      };
      state.watchers.add(look);
      look();
    });
  const release = (id) => {
    for (const go of entry(id).held.splice(0)) go();
  };

  async function control({ method, path, query, body }) {
    const [, , verb, id] = path.split("/");
    const json = (value) => ({
      headers: { "Content-Type": "application/json", "Cache-Control": "no-store" },
      body: JSON.stringify(value),
    });
    if (verb === "plan" && method === "POST") {
      entry(id).plan = JSON.parse(body.toString("utf8"));
      return json({});
    }
    if (verb === "log") return json(log(id));
    if (verb === "wait")
      return json(await wait(id, Object.fromEntries([...query].map(([name, count]) => [name, Number(count)]))));
    if (verb === "leaving") return json(await leaving());
    if (verb === "release") {
      release(id);
      return json({});
    }
    return null;
  }

  /** Writes all of `bytes` in one go, or stops within them as told; false when nothing more may be sent. */
  async function write(socket, state, bytes, stop) {
    if (socket.destroyed) return false;
    if (!stop) {
      await new Promise((resolve) => socket.write(bytes, resolve));
      return !socket.destroyed;
    }
    const after = stop.after ?? 0;
    if (after > 0) await new Promise((resolve) => socket.write(bytes.subarray(0, after), resolve));
    if (stop.how === "reset" || stop.how === "close") {
      ended.add(socket);
      // Node takes a reset that comes together with bytes for a mere end.
      if (stop.how === "reset") await new Promise((resolve) => setTimeout(resolve, RESET_AFTER));
      if (stop.how === "reset") socket.resetAndDestroy();
      else socket.end();
    } else if (stop.how === "hold") {
      await new Promise((go) => {
        state.held.push(go);
        socket.once("close", go);
        changed(state);
      });
      return write(socket, state, bytes.subarray(after));
    } else {
      state.held.push(() => {});
      changed(state);
    }
    return false;
  }

  async function play(socket, state, answer, context) {
    const { stop = {} } = answer;
    const stopAt = (part) => (stop.at === part ? stop : undefined);
    const drip = () => answer.drip && new Promise((resolve) => setTimeout(resolve, answer.drip));
    if (answer.raw !== undefined) {
      for (const piece of cut(Buffer.from(answer.raw, "base64"), answer.chunk ?? Infinity)) {
        if (!(await write(socket, state, piece, stopAt("body")))) return;
        await drip();
      }
      finish(socket, answer);
      return;
    }
    do {
      for (const line of answer.informational ?? []) {
        if (!(await write(socket, state, Buffer.from(`HTTP/1.1 ${line}\r\n\r\n`)))) return;
      }
      if (answer.flood) await new Promise((resolve) => setImmediate(resolve));
    } while (answer.flood);
    const { status, headers, pieces } = serialise(answer, context);
    // One write for the head unless it is to be cut, as real servers do.
    if (stop.at === "status" || stop.at === "headers") {
      if (!(await write(socket, state, status, stopAt("status")))) return;
      if (!(await write(socket, state, headers, stopAt("headers")))) return;
    } else if (!(await write(socket, state, Buffer.concat([status, headers])))) return;
    let sent = 0;
    do {
      for (const piece of pieces) {
        const within = stop.at === "body" && (stop.after ?? 0) < sent + piece.length;
        if (!(await write(socket, state, piece, within ? { ...stop, after: (stop.after ?? 0) - sent } : undefined)))
          return;
        sent += piece.length;
        state.bodyBytes += piece.length;
        changed(state);
        await drip();
      }
      // So that an endless body leaves the event loop to others.
      if (answer.endless) await new Promise((resolve) => setImmediate(resolve));
    } while (answer.endless && !socket.destroyed);
    if (socket.destroyed) return;
    if (stop.at === "end" && !(await write(socket, state, Buffer.alloc(0), stop))) return;
    finish(socket, answer);
  }

  function finish(socket, answer) {
    ended.add(socket);
    if (!answer.keepAlive) socket.end();
  }

  async function answerScenario(socket, request, id, port, turn) {
    const state = entry(id);
    if (request.method === "OPTIONS") {
      const asked = request.headers["access-control-request-headers"] ?? "";
      state.preflights.push(asked);
      const allowed = state.plan.preflight === "any" ? asked : "content-type, x-auth-token";
      const allow =
        state.plan.preflight === "deny"
          ? ""
          : "Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: POST, DELETE\r\n" +
            `Access-Control-Allow-Headers: ${allowed}\r\nAccess-Control-Max-Age: 0\r\n`;
      if (state.plan.preflight === "keep") socket.write(`HTTP/1.1 204 No Content\r\n${allow}\r\n`);
      else socket.end(`HTTP/1.1 204 No Content\r\nConnection: close\r\n${allow}\r\n`);
      return;
    }
    const n = state.requests.length;
    const answer = state.plan.answers[Math.min(n, state.plan.answers.length - 1)];
    const context = {
      id,
      n,
      self: origins[port],
      other: origins.at(-1),
      token: request.headers["x-auth-token"] ?? passwordOf(request.body),
      previous: state.requests[n - 1]?.headers["x-auth-token"] ?? "",
    };
    const { method, target: path, headers } = request;
    state.requests.push({ port, turn, method, path, headers, body: request.body.toString("utf8") });
    ended.delete(socket);
    socket.once("close", () => {
      if (ended.has(socket)) return;
      state.abandoned += 1;
      changed(state);
    });
    changed(state);
    const { stop } = answer;
    if (stop?.at === "request") {
      if (stop.after) socket.pause();
      if (!(await write(socket, state, Buffer.alloc(0), { how: stop.how }))) return;
    }
    await play(socket, state, answer, context);
  }

  async function answerOther(socket, request) {
    const url = new URL(request.target, "http://rogue");
    const asked = { method: request.method, path: url.pathname, query: url.searchParams, body: request.body };
    let reply;
    try {
      reply = url.pathname.startsWith("/control/") ? await control(asked) : await serve(asked);
    } catch (error) {
      reply = { status: 500, body: String(error?.stack ?? error) };
    }
    const { status = 200, headers = {}, body = "" } = reply ?? { status: 404, body: "Not here." };
    const bytes = Buffer.from(body);
    const head = Object.entries({ ...CORS, "Content-Length": bytes.length, Connection: "close", ...headers }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    socket.end(Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Answered\r\n${head.join("")}\r\n`), bytes]));
  }

  function accept(socket, port) {
    socket.setNoDelay(true);
    let turn = 0;
    let buffer = Buffer.alloc(0);
    let busy = false;
    socket.on("data", (chunk) => {
      buffer = Buffer.concat([buffer, chunk]);
      pump();
    });
    async function pump() {
      if (busy) return;
      // The first byte of a TLS handshake: this is a plain server.
      if (buffer[0] === 0x16) return socket.end("HTTP/1.1 400 No TLS Here\r\nConnection: close\r\n\r\n");
      const line = parseFirstLine(buffer);
      if (!line) return;
      const [, scenario, id] = line.target.split("/");
      const known = scenario === "s" && line.method !== "OPTIONS" ? plans.get(id) : undefined;
      // Only an answer that stops within the request may begin before the request is whole.
      const stop = known?.plan.answers[Math.min(known.requests.length, known.plan.answers.length - 1)].stop;
      const after = stop?.at === "request" ? stop.after : undefined;
      if (buffer.length < after) return;
      const request = after ? line : parseRequest(buffer, stop?.at === "request");
      if (!request) return;
      busy = true;
      buffer = buffer.subarray(request.size);
      if (scenario === "s") await answerScenario(socket, request, id, port, turn);
      else await answerOther(socket, request);
      busy = false;
      turn += 1;
      if (!socket.destroyed) pump();
    }
  }

  const listen = (onSocket, create = createServer) =>
    new Promise((resolve, reject) => {
      const server = create(onSocket).once("error", reject);
      server.on("connection", (socket) => {
        sockets.add(socket);
        socket.on("error", () => {}).on("close", () => sockets.delete(socket));
      });
      server.listen(0, "127.0.0.1", () => resolve(server));
    });
  const address = (server, scheme = "http") => `${scheme}://127.0.0.1:${server.address().port}`;

  const servers = [];
  for (let port = 0; port < ports; port += 1) {
    const server = await listen((socket) => accept(socket, port));
    servers.push(server);
    origins.push(address(server));
  }
  const resetting = await listen((socket) => socket.resetAndDestroy());
  const closing = await listen((socket) => socket.resume().end());
  const pem = readFileSync(new URL("untrusted.pem", import.meta.url));
  const speakTls = (onSocket) => createTlsServer({ cert: pem, key: pem }, onSocket);
  const untrusted = await listen((socket) => socket.on("error", () => {}).end(), speakTls);
  const silent = await listen((socket) => socket.resume());
  const gone = await listen(() => {});
  const refused = address(gone);
  await new Promise((resolve) => gone.close(resolve));
  servers.push(resetting, closing, untrusted, silent);

  /** An address that answers one request with 421, and then listens no more. */
  async function leaving() {
    const allow = "Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: POST, DELETE";
    const headers = `Connection: close\r\nContent-Length: 0\r\n${allow}\r\nAccess-Control-Allow-Headers: *, x-auth-token, content-type`;
    const server = await listen((socket) => {
      socket.once("data", (bytes) => {
        const isAsking = bytes.toString("latin1").startsWith("OPTIONS");
        if (!isAsking) server.close();
        socket.end(`HTTP/1.1 ${isAsking ? "204 No Content" : "421 Misdirected Request"}\r\n${headers}\r\n\r\n`);
      });
    });
    return address(server);
  }

  return {
    leaving,
    /** One origin a port, such as "http://127.0.0.1:40123". */
    origins,
    /** Nothing listens there; resets, or closes, each connection; accepts and never answers. */
    refused,
    resetting: address(resetting),
    closing: address(closing),
    silent: address(silent),
    /** Speaks TLS with a certificate that nobody trusts. */
    untrusted: address(untrusted, "https"),
    plan: (id, plan) => {
      entry(id).plan = plan;
    },
    log,
    wait,
    release,
    /** Ends every connection and stops listening. */
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}
