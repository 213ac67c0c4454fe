// Measures rows of clients, on Node and in Chromium.
import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openChromium, pageOf, serveFrom } from "./on-chromium.js";
import { measureOnNode } from "./on-node.js";
import { openWorld } from "./world.js";

const HERE = fileURLToPath(new URL(".", import.meta.url));
/** Processes at a time; those of the slow rows do nothing but wait. */
const AT_ONCE = 4;

const runs = (row, client, platform) =>
  (row.on ?? ["node", "chromium"]).includes(platform) && client.on.includes(platform);
/** Why a row is not for a client. */
const lack = (row, client) => client.not?.[row.name] ?? row.lacks?.(client);

/** Calls `work` for each of `list`, so many at a time. */
async function spread(list, atOnce, work) {
  const left = [...list];
  const next = async () => {
    while (left.length > 0) await work(left.shift());
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, list.length) }, next));
}

/**
 * @returns `cells`: what came out, by row, platform and client's file, `{ cell, short?, lack? }`; `chromium`, its
 *   version; `problems`, in words
 */
export async function measureAll({ folder, clients, rows, platforms }) {
  for (const part of ["clients.js", "inside"])
    cpSync(join(HERE, part), join(folder, "measure", part), { recursive: true });
  const cells = new Map(rows.map((row) => [row, new Map(platforms.map((platform) => [platform, new Map()]))]));
  const problems = [];
  const keep = (row, platform, client, said) => cells.get(row).get(platform).set(client.file, said);
  const attempt = async (what, work) => {
    try {
      return await work();
    } catch (error) {
      problems.push(`${what}: ${error.message}`);
      return undefined;
    }
  };
  const pairs = (platform, test) =>
    rows.filter(test).flatMap((row) =>
      clients
        .filter((client) => runs(row, client, platform))
        .filter((client) => {
          const reason = lack(row, client);
          if (reason) keep(row, platform, client, { cell: "–", lack: reason });
          return !reason;
        })
        .map((client) => [row, client]),
    );

  const files = new Map();
  const world = await openWorld(serveFrom(files));
  const onNode = ([row, client]) =>
    attempt(`${client.name} on Node, ${row.name}`, async () =>
      keep(row, "node", client, await measureOnNode(world, folder, row, client)),
    );
  let chromium;
  try {
    if (platforms.includes("node")) {
      const slow = pairs("node", ({ cases, isSlow }) => cases && isSlow);
      const quick = pairs("node", ({ cases, isSlow }) => cases && !isSlow);
      await Promise.all([spread(slow, slow.length, onNode), spread(quick, AT_ONCE, onNode)]);
    }
    if (platforms.includes("chromium")) {
      await attempt("Chromium", async () => {
        await pageOf(
          folder,
          clients.filter(({ on }) => on.includes("chromium")),
          files,
        );
        const browser = await openChromium(world);
        chromium = browser.version;
        try {
          for (const row of rows.filter(({ cases }) => cases)) {
            const those = pairs("chromium", (it) => it === row).map(([, client]) => client);
            if (those.length === 0) continue;
            const said = await attempt(`Chromium, ${row.name}`, () => browser.measure(row, those));
            for (const [client, cell] of said ?? []) keep(row, "chromium", client, cell);
          }
        } finally {
          await browser.close();
        }
      });
    }
  } finally {
    await world.close();
  }
  // Figures, while nothing else runs.
  for (const platform of platforms)
    for (const [row, client] of pairs(platform, ({ measure }) => measure))
      await attempt(`${client.name}, ${row.name}`, async () =>
        keep(row, platform, client, { cell: await row.measure({ folder }, client) }),
      );
  return { cells, chromium, problems };
}
