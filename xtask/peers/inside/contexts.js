// Calls of several users at once, each in a context of its own, as on a server: says whose context each was sent in.
import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import { clientCalled } from "../clients.js";
import { optionsFor } from "./act.js";

/**
 * @param {() => Promise<{ connect: Function }>} load imports the client, once what it sends by is watched
 * @param {object[]} tasks one a user, each with an endpoint of its own
 * @returns {Promise<{ sent: number, strayed: number }>} requests, and those sent in the context of another user; cold
 *   and warm
 */
export async function inContexts(file, load, tasks, more) {
  const context = new AsyncLocalStorage();
  const counts = { sent: 0, strayed: 0 };
  const note = (address) => {
    const user = tasks.find(({ endpoint }) => address.includes(new URL(endpoint).pathname));
    if (!user) return;
    counts.sent += 1;
    if (context.getStore() !== user.endpoint) counts.strayed += 1;
  };
  const { fetch } = globalThis;
  globalThis.fetch = (input, init) => {
    note(String(input?.url ?? input));
    return fetch(input, init);
  };
  subscribe("http.client.request.start", ({ request }) => note(request.path));

  const { connect } = await load();
  const client = clientCalled(file);
  for (let round = 0; round < 2; round += 1) {
    let open;
    const gate = new Promise((done) => {
      open = done;
    });
    const calls = tasks.map((task) =>
      context.run(task.endpoint, async () => {
        const { create } = connect(optionsFor(client, task, more));
        await gate;
        await create("For test");
      }),
    );
    // The first of them settles what all wait for.
    context.run(tasks[0].endpoint, open);
    await Promise.allSettled(calls);
  }
  return counts;
}
