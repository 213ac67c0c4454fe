// A `fetch` that answers at once, with what the request asked for in the answer. It knows a call by its token alone.
import { between } from "./chance.js";
import { platform } from "./watch.js";
import { zip } from "../support/zip.js";

export const ENDPOINT = "https://api.test";
/** The same at the page's own origin. */
export const RELAY = "/relay";
export const PROJECT = "0123456789abcdef0123456789abcdef";
const STATUSES = [400, 401, 403, 404, 408, 409, 421, 429, 431, 500, 502, 503, 504];

const digits = (n) => String(n).padStart(12, "0");
export const idOf = (n) => `01234567-89ab-cdef-0123-${digits(n)}`;
// Too short a run of digits for the search for secrets to find in the answer's texts.
export const tokenOf = (n, renewed = 0) => `t.${n}.${renewed}`;
export const fileOf = (n) => `key-${digits(n)}.zip`;
export const requestOf = (n) => `request ${digits(n)}`;
/** Long enough for every call to be unlike the one before, short enough to stay a description. */
export const textOf = (n) => `soak ${digits(n)} ${"äx".repeat(n % 40)}`;
export const windowOf = (n) => ({ offset: n % 1001, limit: 1 + (n % 1000) });

const utf8 = new TextEncoder();
const never = () => new Promise(() => {});
const later = (milliseconds) => new Promise((resolve) => platform.setTimeout(resolve, milliseconds));

/** What is wrong with a request, if anything. */
function wrongRequest({ n, operation, base, project }, url, init) {
  const { offset, limit } = windowOf(n);
  const keys = `${base}/v1/${project}/node-provider/credentials`;
  const [method, wanted] = {
    create: ["POST", keys],
    delete: ["DELETE", `${keys}/${idOf(n)}`],
    list: ["GET", `${keys}?offset=${offset}&limit=${limit}`],
  }[operation];
  const body = operation === "create" ? JSON.stringify({ description: textOf(n) }) : undefined;
  if (init.method !== method || url !== wanted) return `it asked for ${init.method} ${url}`;
  if (init.body !== body) return `its body was ${init.body}`;
  return undefined;
}

/** The body of a success. */
async function bodyOf({ n, operation }) {
  if (operation === "delete") return utf8.encode("null");
  if (operation === "create")
    return zip([
      { name: "credential.csv", data: `description,api_key\r\n${textOf(n)},${"k".repeat(n % 300)}${digits(n)}\r\n` },
    ]);
  const credentials = Array.from({ length: n % 4 }, (_, at) => ({
    id: idOf(n + at),
    description: textOf(n + at),
    create_time: "then",
    update_time: "",
  }));
  return utf8.encode(JSON.stringify({ credentials, count: n }));
}

function headersOf({ n, operation }) {
  const headers = {
    "content-type": operation === "create" ? "application/zip" : "application/json",
    "x-request-id": requestOf(n),
  };
  return operation === "create"
    ? { ...headers, "content-disposition": `attachment; filename="${fileOf(n)}"` }
    : headers;
}

/** A body in pieces; `end` says what comes after the last. A deaf one does not end when the request is aborted. */
function pieces(bytes, random, { signal, deaf = false, end = "close" }) {
  const step = between(random, 1, Math.max(1, bytes.length));
  let at = 0;
  return new ReadableStream({
    start(controller) {
      if (!deaf) signal?.addEventListener("abort", () => controller.error(signal.reason), { once: true });
    },
    async pull(controller) {
      if (random() < 0.2) await later(0);
      if (at < bytes.length) controller.enqueue(bytes.slice(at, at + step));
      else if (end === "close") controller.close();
      else if (end === "error") controller.error(new TypeError("the connection broke"));
      else await never();
      at += step;
    },
  });
}

/** How each way to answer goes; `plan.bytes` is the body that a whole answer would have. */
const WAYS = {
  whole: (plan) => new Response(plan.bytes, { headers: headersOf(plan) }),
  pieces: (plan, random, init) => new Response(pieces(plan.bytes, random, init), { headers: headersOf(plan) }),
  breaksOff: (plan, random, init) => {
    plan.bytes = plan.bytes.slice(0, between(random, 1, plan.bytes.length - 1));
    return new Response(pieces(plan.bytes, random, { ...init, end: "error" }), { headers: headersOf(plan) });
  },
  broken: (plan) => {
    plan.bytes = utf8.encode(`<html>${textOf(plan.n)}`);
    return new Response(plan.bytes, { headers: headersOf(plan) });
  },
  status: (plan, random) => {
    plan.status = STATUSES[between(random, 0, STATUSES.length - 1)];
    const body = {
      code: plan.status,
      error_code: `BCS.03${plan.status}001`,
      error_msg: `failed ${digits(plan.n)}`,
      message: textOf(plan.n),
    };
    return new Response(JSON.stringify(body), { status: plan.status, headers: headersOf(plan) });
  },
  redirect: () => new Response(null, { status: 302, headers: { location: "https://elsewhere.test/" } }),
  network: ({ n }) =>
    Promise.reject(Object.assign(new TypeError(`no connection for ${digits(n)}`), { code: "ECONNRESET" })),
  throws: ({ n }) => {
    throw new TypeError(`no fetch for ${digits(n)}`);
  },
  again: (plan) =>
    plan.fetches === 1 ? new Response(null, { status: 503, headers: { "retry-after": "0" } }) : WAYS.whole(plan),
  renewed: (plan) => (plan.fetches === 1 ? new Response(null, { status: 401 }) : WAYS.whole(plan)),
  silent: (plan, random, { signal }) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true })),
  stalls: (plan, random, init) =>
    new Response(pieces(plan.bytes, random, { ...init, end: "never" }), { headers: headersOf(plan) }),
  deafSilent: never,
  deafStalls: (plan, random, init) =>
    new Response(pieces(plan.bytes, random, { ...init, deaf: true, end: "never" }), { headers: headersOf(plan) }),
};

/** The names of the ways to answer. */
export const ways = Object.keys(WAYS);

/**
 * @param {() => number} random
 * @returns `fetch`, and `expect(plan)` for each call before it is made: `{ n, operation, way, base, project }`. The stub
 *   adds what it saw and sent: `fetches`, `wrong`, `bytes`, `status`. `forget(plan)` after it.
 */
export function stub(random) {
  const plans = new Map();

  async function answer(plan, init) {
    plan.bytes ??= await bodyOf(plan);
    return WAYS[plan.way](plan, random, init);
  }

  function fetch(url, init) {
    const token = new Headers(init.headers).get("x-auth-token");
    const plan = plans.get(token?.split(".")[1]);
    if (!plan) throw new Error(`nobody calls with ${token}`);
    plan.fetches += 1;
    plan.wrong ??= wrongRequest(plan, url, init);
    if (plan.way === "throws") return WAYS.throws(plan);
    return answer(plan, init);
  }

  return {
    fetch,
    expect: (plan) => plans.set(String(plan.n), Object.assign(plan, { fetches: 0 })),
    forget: ({ n }) => plans.delete(String(n)),
  };
}
