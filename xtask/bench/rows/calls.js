import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { openBrowser } from "../../../tests/support/drivers.js";
import { startService } from "../../../tests/support/service.js";
import { pageOf } from "../bundle.js";
import { runInside } from "../inside.js";
import { ratiosTo } from "../inside/statistics.js";
import { OPTIONS } from "../inside/options.js";
import { contendersOf, speakers } from "../peers.js";

export const row = {
  name: "calls",
  what: "creates by the local service",
  unit: "ratio",
  base: "same-result",
  goal: 1.1,
};

const { token, projectId } = OPTIONS;
export const RUNS = [
  { rounds: 15, calls: 60, concurrency: 1 },
  { rounds: 15, calls: 320, concurrency: 64 },
];
const answersOf = (host, measured) =>
  RUNS.map(({ concurrency }, at) => {
    const where = `${host}, ${concurrency} at a time`;
    return { where, figures: ratiosTo(row.base, measured[at]) };
  });

/** The page offers what inside/calls.js does on Node. */
const APP = (contenders) => `
  ${contenders.map((name, at) => `import * as client${at} from "./peers/${name}.js";`).join("\n")}
  import { slices } from "./inside/slices.js";
  const clients = { ${contenders.map((name, at) => `"${name}": client${at}`).join(", ")} };
  globalThis.measure = async (options, runs) => {
    const creates = {};
    for (const [name, { connect }] of Object.entries(clients)) {
      const client = connect({ ...options, endpoint: location.origin });
      creates[name] = () => client.create("For test");
    }
    const measured = [];
    for (const run of runs) measured.push(await slices(creates, run));
    return measured;
  };
`;

async function inChromium(url, versions) {
  const { driver, version, close } = await openBrowser("chromium");
  versions.Chromium = version;
  try {
    await driver.manage().setTimeouts({ script: 600_000 });
    await driver.get(`${url}/www/index.html`);
    const isReady = () => driver.executeScript("return typeof measure === 'function'");
    await driver.wait(isReady, 20_000, "the page's script did not run");
    const { result, error } = await driver.executeAsyncScript(
      `
      const [options, runs, done] = arguments;
      measure(options, runs).then((result) => done({ result }), (error) => done({ error: String(error) }));
    `,
      { token, projectId },
      RUNS,
    );
    if (error) throw new Error(error);
    return result;
  } finally {
    await close();
  }
}

/**
 * Real calls of `contenders`, after `check` has seen the running service.
 * @returns the rounds of each of RUNS, `onNode` and `inPage`
 */
export async function measureCalls({ folder, service, versions }, contenders, check = () => {}) {
  // Beside the program, since that is on a disk: a commit into memory costs nothing.
  const home = mkdtempSync(join(dirname(service), "bench-calls-"));
  mkdirSync(join(home, "www"));
  for (const [name, bytes] of await pageOf(folder, APP(contenders))) writeFileSync(join(home, "www", name), bytes);
  const data = join(home, "keys.sqlite");
  const running = await startService({ binary: service, data, token, projectId, args: ["--www", home] });
  try {
    const options = { token, projectId, endpoint: running.url };
    await check(options);
    const onNode = await runInside(folder, "calls", { contenders, options, runs: RUNS });
    return { onNode, inPage: await inChromium(running.url, versions) };
  } finally {
    await running.stop();
    rmSync(home, { recursive: true });
  }
}

export async function measure(world) {
  // Who does not do both calls is no peer.
  const check = (options) => runInside(world.folder, "both-calls", { contenders: speakers, options });
  const { onNode, inPage } = await measureCalls(world, contendersOf("calls"), check);
  return [...answersOf("Node", onNode), ...answersOf("Chromium", inPage)];
}
