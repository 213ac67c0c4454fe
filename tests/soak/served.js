// The mix against the local service, which is held to what it answered before.
import { between, draw } from "./chance.js";

const OPERATIONS = { create: 45, delete: 38, list: 17 };
const WAYS = { plain: 80, tapped: 6, unauthorised: 4, gone: 3, hurried: 5, illegal: 2 };
const FUNCTIONS = { create: "createApiKey", delete: "deleteApiKey", list: "listApiKeys" };
/** So many keys are left for the next calls whenever nothing runs. */
const KEPT = 100;
const PAGE = 1000;
/** Milliseconds that no call needs, however busy the machine is. */
const PATIENCE = 600_000;
const NO_KEY = "00000000-0000-4000-8000-000000000000";

const FILE = /^node-provider-key-([0-9a-f-]{36})\.zip$/;
const textOf = (n) => `soak ${n}`;
const numberIn = (description) => Number(/^soak (\d+)$/.exec(description)?.[1] ?? NaN);
const bytesOf = async (blob) => new Uint8Array(await blob.arrayBuffer());

export function served({ pkg, random, signals, service: { endpoint, projectId, token } }) {
  const access = { endpoint, projectId, token, timeout: PATIENCE };
  /** The keys that exist for certain, by id: the call that made them. */
  const keys = new Map();
  const ids = [];
  /** Keys of which nobody knows whether they were deleted. */
  const doubtful = [];
  /** Creates after which a key may exist. */
  const unknown = new Set();
  /** When the keys that are gone for certain were deleted, in calls; emptied whenever nothing runs. */
  const gone = new Map();

  function keep(id, maker) {
    keys.set(id, maker);
    ids.push(id);
  }

  /** Any key, which from now on may be gone. */
  function takeKey() {
    if (ids.length === 0) return {};
    const at = between(random, 0, ids.length - 1);
    const id = ids[at];
    ids[at] = ids.at(-1);
    ids.pop();
    const maker = keys.get(id);
    keys.delete(id);
    return { id, maker };
  }

  /** A fetch that keeps the bytes of the answer beside those that it passes on. */
  const tap = (plan) => async (url, init) => {
    const response = await fetch(url, init);
    plan.bytes = new Uint8Array(await response.arrayBuffer());
    return new Response(plan.bytes, { status: response.status, headers: response.headers });
  };

  async function judgeFile(plan, file) {
    const [, id] = FILE.exec(file.name) ?? [];
    if (!id) return `no key is called ${file.name}`;
    const [row] = await pkg.readCredentials(file);
    if (row.credential_id !== id || row.description !== textOf(plan.n) || row.project_id !== projectId) {
      return `another key: ${row.credential_id} for ${id}, ${row.description}`;
    }
    if (keys.has(id) || gone.has(id)) return "a key that was there before";
    keep(id, plan.n);
    if (plan.bytes && String(await bytesOf(file)) !== String(plan.bytes)) return "other bytes than were sent";
    return undefined;
  }

  function judgeList(plan, { count, keys: listed }) {
    if (listed.length > plan.limit || listed.length > count)
      return `${listed.length} keys of ${count}, at most ${plan.limit}`;
    for (const { id, description } of listed) {
      if (keys.has(id) && description !== textOf(keys.get(id)))
        return `${description} for the key of call ${keys.get(id)}`;
      if (gone.get(id) <= plan.n) return `a key that was deleted in call ${gone.get(id)}`;
      if (!(numberIn(description) >= 0)) return `a key that nobody made: ${description}`;
    }
    return undefined;
  }

  function judgeValue(plan, value) {
    if (plan.way === "unauthorised" || plan.way === "illegal" || (plan.way === "gone" && plan.operation === "delete"))
      return `a success of ${plan.way}`;
    if (plan.operation === "create") return judgeFile(plan, value);
    if (plan.operation === "list") return judgeList(plan, value);
    gone.set(plan.id, plan.next());
    return value === undefined ? undefined : "a delete gave something";
  }

  function judgeError(plan, signal, { kind, outcome, status, message, cause, errorCode, requestId }) {
    const told = `${plan.way}: ${kind}/${outcome} ${message}`;
    if (plan.operation === "create" && outcome === "unknown") unknown.add(plan.n);
    if (plan.maker !== undefined) {
      if (outcome === "unknown") doubtful.push(plan.id);
      else keep(plan.id, plan.maker);
    }
    if (kind === "aborted")
      return signal?.aborted && cause === signal.reason ? undefined : `aborted by nobody, or by another: ${told}`;
    if (kind === "timeout") return plan.way === "hurried" ? undefined : told;
    if (plan.way === "illegal") return kind === "invalid_argument" && outcome === "not_sent" ? undefined : told;
    const [wanted, code] = plan.way === "unauthorised" ? [401, "BCS.03401001"] : [404, "BCS.03404001"];
    const isRefused = kind === "http" && outcome === "rejected" && status === wanted && errorCode === code && requestId;
    return isRefused && (plan.way === "unauthorised" || plan.way === "gone") ? undefined : told;
  }

  function drawPlan(n) {
    const plan = { n, operation: draw(random, OPERATIONS), way: draw(random, WAYS) };
    if (plan.operation === "delete") Object.assign(plan, { id: NO_KEY }, plan.way === "gone" ? {} : takeKey());
    if (plan.id === NO_KEY && plan.way !== "unauthorised" && plan.way !== "illegal") plan.way = "gone";
    if (plan.operation === "list")
      Object.assign(plan, { offset: between(random, 0, 50), limit: between(random, 1, 60) });
    return plan;
  }

  function optionsOf(plan, signal) {
    const { n, operation, way } = plan;
    return {
      ...access,
      signal,
      ...{
        create: { description: textOf(n) },
        delete: { credentialId: plan.id },
        list: { offset: plan.offset, limit: plan.limit },
      }[operation],
      ...(way === "tapped" ? { fetch: tap(plan) } : {}),
      ...(way === "unauthorised" ? { token: "not the token" } : random() < 0.1 ? { token: async () => token } : {}),
      ...(way === "hurried" ? { timeout: between(random, 1, 20) } : {}),
      ...(way === "illegal" ? { timeout: -n - 1 } : {}),
    };
  }

  let started = 0;
  const options = { ...access, retries: 10 };

  /** All keys that the service has. */
  async function listAll() {
    const listed = [];
    for (const offset of [0, PAGE]) listed.push(...(await pkg.listApiKeys({ ...options, offset, limit: PAGE })).keys);
    return listed;
  }

  async function remove(id) {
    await pkg.deleteApiKey({ ...options, credentialId: id }).catch((error) => {
      if (error.status !== 404) throw error;
    });
  }

  /** While nothing runs: the service has the keys that were made and not deleted, and else only what was said to be unknown. */
  async function tidy(kept = KEPT) {
    await Promise.all(doubtful.splice(0).map(remove));
    const wrong = [];
    const listed = new Map((await listAll()).map(({ id, description }) => [id, numberIn(description)]));
    for (const [id, n] of keys)
      if (listed.get(id) !== n) wrong.push(`the key of call ${n} is lost, or another's: ${listed.get(id)}`);
    const orphans = [...listed.keys()].filter((id) => !keys.has(id));
    for (const id of orphans)
      if (!unknown.has(listed.get(id))) wrong.push(`call ${listed.get(id)} made a key and did not say so`);
    await Promise.all(orphans.map(remove));
    while (ids.length > kept)
      await Promise.all(
        Array.from({ length: 16 }, () => takeKey().id)
          .filter(Boolean)
          .map(remove),
      );
    gone.clear();
    return wrong;
  }

  return {
    call(n) {
      started = n + 1;
      const { signal, isOwn, abortSoon } = signals.draw(false);
      const plan = Object.assign(drawPlan(n), { next: () => started });
      const promise = pkg[FUNCTIONS[plan.operation]](optionsOf(plan, signal));
      abortSoon();
      return {
        promise,
        operation: plan.operation,
        signal: isOwn ? signal : undefined,
        judge: async ({ value, error }) => (error ? judgeError(plan, signal, error) : judgeValue(plan, value)),
      };
    },
    tidy,
    /** Leaves no key, not even of a create that was given up and is still under way in the service. */
    async end() {
      const wrong = await tidy(0);
      for (let quiet = 0; quiet < 3; )
        quiet = (await tidy(0).then((more) => wrong.push(...more)), await listAll()).length === 0 ? quiet + 1 : 0;
      return wrong;
    },
  };
}
