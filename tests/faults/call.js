// Brings cells about, on Node and in a page, and says what was seen: judging is the runner's.
import { host, platform, task } from "../guarantees/host.js";
import { detector, leaksOf, takeOutput, watchOutput } from "../guarantees/leaks.js";
import { base64 } from "../support/zip.js";
import { cells } from "./cells.js";

const PROJECT = "0123456789abcdef0123456789abcdef";
const CREDENTIAL = "01234567-89ab-cdef-0123-456789abcdef";
/** Milliseconds: long enough to reach a server on a busy machine; what does not stall has time; and what hangs. */
const TIMEOUT = { stalls: 2000, else: 20_000, hangs: 30_000 };
const LONGEST_TOKEN = 65_535;

const CALLS = {
  create: (options) => host.pkg.createApiKey(options),
  delete: (options) => host.pkg.deleteApiKey({ ...options, credentialId: CREDENTIAL }),
  list: (options) => host.pkg.listApiKeys(options),
  // The token is the password here; the longest request is as long as its texts may be.
  signIn({ endpoint, timeout, token }) {
    const names = token.length > 4096 ? token.slice(0, 4096) : "x";
    return host.signIn({
      endpoint,
      timeout,
      password: token.slice(0, 4096),
      account: names,
      user: names,
      project: names,
    });
  },
};

/** Whether a call's result is the good answer's. */
const IS_GOOD = {
  create: async (file) => base64(new Uint8Array(await file.arrayBuffer())) === host.config.file,
  delete: (result) => result === undefined,
  signIn: async ({ projectId, token }) => projectId === PROJECT && host.config.secrets.includes(await token()),
  list: ({ count, keys }) => count === 1 && keys.length === 1 && keys[0].id === CREDENTIAL,
};

/** How often `fetch` was called, by the id in the address. */
const fetches = new Map();

function countFetches() {
  globalThis.fetch = (url, init) => {
    const [, id] = /\/s\/([^/]+)/.exec(url) ?? [];
    fetches.set(id, (fetches.get(id) ?? 0) + 1);
    return platform.fetch(url, init);
  };
}

/** How a call ends, in a word; with an error of the package's also that. */
async function ending(call, options) {
  let timer;
  const hang = new Promise((resolve) => {
    timer = platform.setTimeout(() => resolve({ got: `no end within ${TIMEOUT.hangs} ms` }), TIMEOUT.hangs);
  });
  const work = async () => {
    try {
      return { got: (await IS_GOOD[call](await CALLS[call](options))) ? "ok" : "a wrong result" };
    } catch (error) {
      if (!host.pkg.isApiKeyError(error)) return { error, got: `no ApiKeyError: ${error?.message}` };
      return { error, got: `${error.kind}/${error.outcome}` };
    }
  };
  try {
    return await Promise.race([work(), hang]);
  } finally {
    platform.clearTimeout(timer);
  }
}

async function see({ id, fault: { answer, more }, call }, origin) {
  const { token, secrets } = host.config;
  const options = {
    projectId: PROJECT,
    token: more.long ? token.repeat(20).slice(0, LONGEST_TOKEN) : token,
    timeout: more.stalls ? TIMEOUT.stalls : TIMEOUT.else,
  };
  const to = (base, plan) => ({ ...options, endpoint: `${base}/s/${plan}` });
  const first = more.first && (await ending(call, { ...to(origin, id), timeout: TIMEOUT.else }));
  fetches.delete(id);
  // A connection is free again a little after its answer was read.
  if (more.first) await task();
  const { got, error } = await ending(call, to(answer.at ? host.config.addresses[answer.at] : origin, id));
  const leaks = error ? leaksOf(error, secrets) : [];
  const seen = { id, got, status: error?.status, fetches: fetches.get(id), leaks, first: first?.got };
  const next = await ending(call, { ...to(origin, `${id}-next`), timeout: TIMEOUT.else });
  return { ...seen, next: next.got };
}

/**
 * Brings every cell about whose title has `config.grep`, one at a time on each of the origins. Where a kept
 * connection matters it is one that no cell has used.
 * @param {object} place what `host` knows of it
 * @param {() => Promise<object>} importPackage
 * @param {(seen: object) => void} tell
 */
export async function seeAll(place, importPackage, tell) {
  watchOutput();
  Object.assign(host, place, { unhandled: [] });
  // Node 20 makes its parser of HTTP during the first fetch, and meanwhile misses the end of a connection.
  await platform.fetch(`${place.config.addresses.origins[0]}/control/log/warm-up`).then((response) => response.text());
  host.pkg = await importPackage();
  host.signIn = (await import(host.signInUrl)).signIn;
  await host.pkg.init();
  countFetches();
  const { config } = host;
  const { origins, unused } = config.addresses;
  const waiting = cells.filter(({ title }) => title.includes(config.grep));
  await Promise.all(
    origins.map(async (origin) => {
      for (let cell; (cell = waiting.shift()); ) tell(await see(cell, cell.fault.more.first ? unused.pop() : origin));
    }),
  );
  const written = takeOutput().filter(detector(config.secrets)).length;
  tell({ title: "nothing is left unhandled", reason: host.unhandled.join("\n") || undefined });
  const reason = written > 0 ? `${written} texts have one` : undefined;
  tell({ title: "no secret is written to the console", reason });
}
