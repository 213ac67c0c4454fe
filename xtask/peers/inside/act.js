// Makes one call as it is told and says how it ended. For any host.
import { clientCalled } from "../clients.js";
import { formsOf, shows } from "./printed.js";

const PROJECT = "0123456789abcdef0123456789abcdef";

async function bytesOf(value) {
  if (value instanceof Blob) return new Uint8Array(await value.arrayBuffer());
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return new Uint8Array(value);
  // A body that was read as text, as a program would write it into a file.
  return typeof value === "string" ? new TextEncoder().encode(value) : undefined;
}

/** What a program can decide by; the name of its class, where it has none of its own. */
function fieldsOf(error) {
  const told = {};
  const take = (from, prefix) => {
    for (const name of ["name", "code", "kind", "outcome", "status", "type", "message"]) {
      const value = from?.[name];
      if (typeof value === "string" || typeof value === "number")
        told[`${prefix}${name}`] = String(value).slice(0, 500);
    }
  };
  take(error, "");
  if (told.name === "Error") told.name = String(error.constructor?.name);
  take(error?.cause, "cause.");
  return told;
}

/** The options of a client for a call to `endpoint`. */
export function optionsFor(client, { endpoint, token, limit }, more) {
  const options = { endpoint, projectId: PROJECT, token };
  return { ...(client.told ?? ((it) => it))(options), ...more, ...(limit ? client.limit(limit) : {}) };
}

/** The calls of `tasks`, one after another, or `together` where they do nothing but wait. */
export async function actAll(file, connect, tasks, together, place) {
  if (together) return Promise.all(tasks.map((task) => act(file, connect, task, place)));
  const seen = [];
  for (const task of tasks) seen.push(await act(file, connect, task, place));
  return seen;
}

/**
 * @param {string} file the client
 * @param {(options: object) => object} connect its own
 * @param {{ call: "create" | "remove", id?: string, endpoint: string, token: string, limit?: number, patience: number }} task
 *   `limit` is the client's own, `patience` ours: so many milliseconds later the call has not ended
 * @param {{ more?: object, inspect?: Function, written?: () => string, crash?: Promise<unknown> }} place
 */
async function act(file, connect, task, { more, inspect, written = () => "", crash }) {
  const client = clientCalled(file);
  const before = written().length;
  const call = async () => {
    const { create, remove } = connect(optionsFor(client, task, more));
    return task.call === "remove" ? remove(task.id) : create("For test");
  };
  const start = Date.now();
  let timer;
  const late = new Promise((done) => {
    timer = setTimeout(done, task.patience, { ended: "not" });
  });
  const seen = await Promise.race([
    call().then(
      async (value) => ({ ended: "resolved", bytes: [...((await bytesOf(value)) ?? [])] }),
      (error) => {
        const forms = Object.entries(formsOf(inspect)).filter(([, print]) => shows(print(error), task.token));
        return { ended: "rejected", fields: fieldsOf(error), shown: forms.map(([name]) => name) };
      },
    ),
    late,
    ...(crash ? [crash.then((error) => ({ ended: "crashed", fields: fieldsOf(error), shown: [] }))] : []),
  ]);
  clearTimeout(timer);
  seen.took = Date.now() - start;
  if (seen.shown && shows(written().slice(before), task.token)) seen.shown.push("what it writes itself");
  return seen;
}
