// The mix against the stub: what is called, and what has to come of it.
import { between, draw } from "./chance.js";
import { ENDPOINT, PROJECT, RELAY, fileOf, idOf, requestOf, stub, textOf, tokenOf, windowOf } from "./stub.js";

const OPERATIONS = { create: 45, delete: 35, list: 20 };
const WAYS = {
  whole: 61,
  pieces: 10,
  status: 10,
  network: 2,
  throws: 1,
  breaksOff: 3,
  broken: 2,
  redirect: 1,
  again: 1,
  renewed: 2,
  silent: 1.5,
  stalls: 1.5,
  deafSilent: 0.5,
  deafStalls: 0.5,
  illegal: 2,
  refuses: 1,
};
const ENDLESS = new Set(["silent", "stalls", "deafSilent", "deafStalls"]);
const FUNCTIONS = { create: "createApiKey", delete: "deleteApiKey", list: "listApiKeys" };
/** Milliseconds that no call needs, however busy the machine is. */
const PATIENCE = 600_000;
/** Every so many files are opened, too. */
const OPENED = 8;
/** In a page, the part of the calls that go to its own origin, by an endpoint as pages write it. */
const RELATIVE = 0.1;

const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
const bytesOf = async (blob) => new Uint8Array(await blob.arrayBuffer());
const outcomeOf = (status) => (status < 500 && status !== 408 && status !== 421 ? "rejected" : "unknown");

/** What an answer that is whole has to come to; the sentence says what is wrong. */
async function judgeAnswer(pkg, { n, operation, bytes }, value) {
  if (operation === "delete") return value === undefined ? undefined : "a delete gave something";
  if (operation === "list") {
    const keys = Array.from({ length: n % 4 }, (_, at) => ({
      id: idOf(n + at),
      description: textOf(n + at),
      createTime: "then",
      updateTime: "",
    }));
    return JSON.stringify(value) === JSON.stringify({ count: n, keys })
      ? undefined
      : `another list: ${JSON.stringify(value)}`;
  }
  if (value.name !== fileOf(n) || value.type !== "application/zip") return `another file: ${value.name}, ${value.type}`;
  if (!same(await bytesOf(value), bytes)) return "other bytes than were sent";
  if (n % OPENED > 0) return undefined;
  const [row] = await pkg.readCredentials(value);
  return row.description === textOf(n) ? undefined : `another key: ${row.description}`;
}

/** What an error has to say, by the way that was answered. */
const ERRORS = {
  status: ({ n, status }) => ({
    kind: "http",
    outcome: outcomeOf(status),
    status,
    requestId: requestOf(n),
    detail: textOf(n),
  }),
  redirect: () => ({ kind: "redirect", outcome: "unknown", status: 302 }),
  network: () => ({ kind: "network", outcome: "unknown" }),
  throws: () => ({ kind: "network", outcome: "unknown" }),
  breaksOff: ({ n }) => ({ kind: "unexpected_response", outcome: "unknown", requestId: requestOf(n) }),
  broken: ({ n }) => ({ kind: "unexpected_response", outcome: "unknown", requestId: requestOf(n) }),
  illegal: () => ({ kind: "invalid_argument", outcome: "not_sent", fetches: 0 }),
  refuses: () => ({ kind: "invalid_argument", outcome: "not_sent", fetches: 0 }),
};

async function judgeError(plan, signal, error) {
  const told = `${error?.kind}/${error?.outcome} ${error?.message}`;
  const { kind, outcome, cause, file } = error;
  if (kind === "aborted") {
    if (!signal?.aborted || cause !== signal.reason) return `aborted by nobody, or by another: ${told}`;
    // Between its 401 and the next token nothing is in doubt.
    const refused = plan.status
      ? outcomeOf(plan.status)
      : plan.way === "renewed" && plan.fetches === 1
        ? "rejected"
        : "unknown";
    const known = plan.fetches === 0 ? ["not_sent"] : [refused, "unknown"];
    return known.includes(outcome) ? undefined : `after ${plan.fetches} fetches: ${told}`;
  }
  if (ENDLESS.has(plan.way))
    return kind === "timeout" && outcome === (plan.fetches ? "unknown" : "not_sent") ? undefined : told;
  const wanted = ERRORS[plan.way]?.(plan);
  if (!wanted) return `an error after an answer that was whole: ${told}`;
  const seen = { ...error, kind, outcome, fetches: plan.fetches };
  const differs = Object.keys(wanted).filter((name) => seen[name] !== wanted[name]);
  if (differs.length > 0) return `${differs} of ${told}`;
  const keeps = plan.operation === "create" && (plan.way === "breaksOff" || plan.way === "broken");
  if (keeps && !(file && same(await bytesOf(file), plan.bytes)))
    return `the bytes that came are not in the error: ${told}`;
  return undefined;
}

/** `call(n, caller)` makes one call of the mix: what to await, and `judge` for what comes of it. */
export function stubbed({ pkg, random, signals }) {
  const { fetch, expect, forget } = stub(random);

  function drawPlan(n, { endpoint = ENDPOINT, project = PROJECT }) {
    const operation = draw(random, OPERATIONS);
    const way = draw(random, WAYS);
    // Another way to be answered 503, since a create is never repeated.
    const relative = globalThis.location !== undefined && random() < RELATIVE;
    return {
      n,
      operation,
      way: way === "again" && operation === "create" ? "status" : way,
      relative,
      base: relative ? location.origin + RELAY : endpoint,
      project,
    };
  }

  function optionsOf({ n, operation, way, relative, base, project }, endless, signal) {
    let asked = 0;
    const give = () => {
      if (way === "refuses") throw new Error(`no token for ${n}`);
      return tokenOf(n, asked++);
    };
    const fromFunction = random() < 0.5 ? give : async () => give();
    return {
      endpoint: relative ? RELAY : base,
      projectId: project,
      fetch,
      signal,
      token: way === "renewed" || way === "refuses" || random() < 0.1 ? fromFunction : tokenOf(n),
      timeout: endless ? between(random, 2, 20) : PATIENCE,
      ...{ create: { description: textOf(n) }, delete: { credentialId: idOf(n) }, list: windowOf(n) }[operation],
      ...(way === "again" ? { retries: 1 } : {}),
      ...(way === "illegal" ? { projectId: `${project}${n}` } : {}),
    };
  }

  return {
    call(n, caller) {
      const plan = drawPlan(n, caller);
      // Half of what never ends is aborted, half runs out of time.
      const doomed = ENDLESS.has(plan.way) && random() < 0.5;
      const { signal, isOwn, abortSoon } = signals.draw(doomed);
      const plain = optionsOf(plan, ENDLESS.has(plan.way) && !doomed, signal);
      const options = caller.optionsOf?.(plain, plan) ?? plain;
      expect(plan);
      const promise = pkg[FUNCTIONS[plan.operation]](options);
      abortSoon();
      return {
        promise,
        operation: plan.relative ? `relative ${plan.operation}` : plan.operation,
        signal: isOwn ? signal : undefined,
        async judge({ value, error }) {
          forget(plan);
          if (plan.wrong) return plan.wrong;
          if (error) return judgeError(plan, signal, error);
          if (ENDLESS.has(plan.way) || ERRORS[plan.way]) return `a success after ${plan.way}`;
          return judgeAnswer(pkg, plan, value);
        },
      };
    },
    tidy: async () => {},
    end: async () => {},
  };
}
