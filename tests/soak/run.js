// A long run of mixed calls: node tests/soak/run.js --pkg DIR --service BIN [--full] [--grep TEXT] [--calls N] [--seed N] [--samples]
//   --full        a million calls against a stub, a million by callers in contexts of their own, and a hundred thousand
//                 against the service on Node; ten thousand against each in Chromium
//   --grep TEXT   only the parts whose names have it
//   --calls N     so many calls in each part
//   --seed N      draws another mix
//   --samples     prints every sample
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { choosePackage } from "../support/consumer.js";
import { startService } from "../support/service.js";
import { faults } from "./faults.js";
import { checks, measure } from "./part.js";
import { inChromium, onNode, startSoakSite } from "./places.js";

const OPTIONS = {
  pkg: { type: "string" },
  service: { type: "string" },
  full: { type: "boolean", default: false },
  grep: { type: "string", default: "" },
  calls: { type: "string" },
  seed: { type: "string", default: "1" },
  samples: { type: "boolean", default: false },
};
const PARTS = [
  { name: "node, stubbed", against: "stub", short: 20_000, full: 1_000_000, open: onNode },
  { name: "node, callers", against: "stub", callers: true, short: 10_000, full: 1_000_000, open: onNode },
  { name: "node, served", against: "service", short: 2_000, full: 100_000, open: onNode },
  { name: "chromium, stubbed", against: "stub", short: 500, full: 10_000, open: inChromium },
  { name: "chromium, served", against: "service", short: 500, full: 10_000, open: inChromium },
];
/** Enough calls for a fault to be seen. */
const FAULTY = 600;
const TOKEN = "MIISoak+Test/".padEnd(2400, "aZ9+/");
const PROJECT = "0123456789abcdef0123456789ABCDEF";

const totals = { passed: 0, failed: 0 };

function tell(part, name, told, work) {
  try {
    work();
    totals.passed += 1;
    console.log(`ok      ${part}: ${name}\n        ${told}`);
  } catch (error) {
    totals.failed += 1;
    console.log(`FAILED  ${part}: ${name}\n        ${told}\n        ${error.message}`);
  }
}

async function runPart({ name, against, callers, open }, calls, { seed, service, site, samples }) {
  const place = await open({ against, callers, seed, service }, site);
  try {
    const show = ({ counts, heap, pages, handles, taken }) =>
      console.log(JSON.stringify({ calls: counts.calls, heap, pages, handles, taken }));
    const measured = await measure(place, calls, samples ? show : undefined);
    console.log(
      `${name}, ${place.name}: ${Object.entries(measured.last.counts.by)
        .sort()
        .map(([what, count]) => `${what} ${count}`)
        .join(", ")}`,
    );
    const { first, last } = measured;
    const { calls: made, wrong } = last.counts;
    const who = last.callers ? ` by ${last.callers} callers, ${last.strays.count} strays of ${last.ran} noted` : "";
    console.log(
      `figure: ${name}: ${made} calls${who}, ${wrong} wrong, ${first.pages} pages at first and ${last.pages} at the end`,
    );
    for (const { name: what, told, check } of checks(measured)) tell(name, what, told, check);
  } finally {
    await place.close();
  }
}

/** A fault in the package is seen, by the check that is for it. */
async function runFault(name, { seen, callers }, { seed, service }) {
  const place = await onNode({ against: "stub", callers, seed, service, fault: name });
  try {
    const failed = checks(await measure(place, FAULTY)).filter(({ check }) => {
      try {
        return check();
      } catch {
        return true;
      }
    });
    tell("faults", `one that is ${name} is seen`, `failed: ${failed.map(({ name: what }) => what).join(", ")}`, () => {
      if (!failed.some(({ name: what }) => what.startsWith(seen))) throw new Error(`not by "${seen}…"`);
    });
  } finally {
    await place.close();
  }
}

async function main() {
  const { values } = parseArgs({ options: OPTIONS });
  choosePackage(values.pkg);
  const folder = mkdtempSync(join(tmpdir(), "npk-soak-"));
  const data = join(folder, "keys.sqlite");
  const site = await startSoakSite();
  const service = await startService({
    binary: resolve(values.service ?? ""),
    data,
    token: TOKEN,
    projectId: PROJECT,
    args: ["--allow-origin", site.url],
  });
  const world = {
    seed: Number(values.seed),
    samples: values.samples,
    site,
    service: { endpoint: service.url, projectId: PROJECT, token: TOKEN },
  };
  try {
    const parts = PARTS.filter(({ name }) => name.includes(values.grep));
    const run = (part) =>
      runPart(part, Number(values.calls ?? (values.full ? part.full : part.short)), world).catch((error) =>
        tell(part.name, "it runs to its end", "it did not", () => {
          throw error;
        }),
      );
    // Two at a time, since each keeps one processor busy, but not two that would share the service.
    while (parts.length > 0) {
      const isShared = parts.slice(0, 2).every(({ against }) => against === "service");
      await Promise.all(parts.splice(0, isShared ? 1 : 2).map(run));
    }
    // What may cross between callers is looked for in the gate, too: else it would not show that it can be found.
    if ("faults".includes(values.grep))
      for (const [name, fault] of Object.entries(faults))
        if (values.full || fault.callers) await runFault(name, fault, world);
    console.log(`the service's database, with no key left in it: ${statSync(data).size} bytes`);
  } finally {
    await service.stop();
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main().catch((error) =>
  tell("soak", "it runs", "it did not", () => {
    throw error;
  }),
);
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed === 0 && totals.passed > 0 ? 0 : 1);
