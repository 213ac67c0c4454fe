// Runs the suite of named guarantees: node tests/guarantees/run.js --pkg DIR [--trap-pkg DIR] [--service BIN] [--browser NAME] [--grep TEXT] [--jobs N] [--first NAMES] [--bail]
import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { runMain } from "../support/main.js";
import { locate, mailbox, runInBrowser, runOnNode } from "../support/places.js";
import { startRogue } from "../support/rogue.js";
import { harness } from "./harness.js";
import { WATCHDOG } from "./watchdog.js";

const USAGE = `node tests/guarantees/run.js --pkg DIR [--trap-pkg DIR] [--browser node|chromium|firefox] [--grep TEXT] [--jobs N] [--first NAMES] [--bail]
  --pkg DIR       a folder in which the packed package is installed (DIR/node_modules/node-provider-keys)
  --trap-pkg DIR  the same, of a package built with the feature "trap"
  --service BIN   accepted and not used: every server here is one that misbehaves
  --browser NAME  where the suite runs; node
  --grep TEXT     only the tests whose names have it
  --jobs N        on Node: each file in a process of its own, N at a time; without it, all in one
  --first NAMES   the files that run before the others, such as 14-options,09-retries; with --jobs
  --bail          end at the first failure; on Node only`;

/** The files with guarantees, in the order in which they run: those with a number everywhere, then those of one platform. */
function suitesOf(platform) {
  const everywhere = readdirSync(new URL(".", import.meta.url)).filter((name) => /^\d\d-.*\.js$/.test(name));
  return [...everywhere.sort().map((name) => name.slice(0, -".js".length)), `${platform}-only`];
}

async function main() {
  const { values } = parseArgs({
    options: {
      pkg: { type: "string" },
      "trap-pkg": { type: "string" },
      service: { type: "string" },
      browser: { type: "string", default: "node" },
      grep: { type: "string" },
      jobs: { type: "string" },
      first: { type: "string" },
      bail: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return console.log(USAGE);
  if (!values.pkg) throw new Error(USAGE);
  const page = values.browser !== "node";
  const tested = locate(values.pkg, page);
  const trap = values["trap-pkg"] ? locate(values["trap-pkg"], page) : undefined;

  let config;
  const mail = mailbox();
  const rogue = await startRogue({
    serve: harness({
      page: { title: "Guarantees", script: "/tests/guarantees/page.js" },
      config: () => config,
      tell: mail.tell,
      packageFolder: tested.packageFolder,
      trapFolder: trap?.packageFolder,
    }),
  });
  const { origins, refused, resetting } = rogue;
  config = {
    addresses: { origins, refused, resetting },
    entry: tested.entry,
    trapEntry: trap?.entry,
    suites: suitesOf(page ? "page" : "node"),
    browser: values.browser,
    grep: values.grep,
    bail: values.bail,
    packageFolder: tested.packageFolder,
    trapFolder: trap?.packageFolder,
    modulesFolder: tested.modulesFolder,
  };

  const failures = [];
  let passed = 0;
  const end = new AbortController();
  const tell = (result) => {
    if (result.reason === undefined) passed += 1;
    else {
      failures.push(result);
      if (values.bail) end.abort();
    }
  };
  try {
    if (page)
      console.log(values.browser, await runInBrowser(values.browser, `${origins[0]}/`, mail, tell, 3 * WATCHDOG));
    else {
      const run = (names) =>
        runOnNode(new URL("./node.js", import.meta.url), { ...config, suites: names }, tell, 3 * WATCHDOG, end.signal);
      const first = values.first?.split(",") ?? [];
      const wrong = first.find((name) => !config.suites.includes(name));
      if (wrong !== undefined) throw new Error(`--first: no file of guarantees is called ${wrong}`);
      const parts = values.jobs ? [...new Set([...first, ...config.suites])].map((name) => [name]) : [config.suites];
      const runNext = async () => {
        while (parts.length > 0 && !end.signal.aborted) await run(parts.shift());
      };
      await Promise.all(Array.from({ length: Number(values.jobs ?? 1) }, runNext));
    }
  } finally {
    await rogue.close();
  }
  for (const { title, reason, where } of failures)
    console.log(`FAILED ${title}\n    ${reason.replaceAll("\n", "\n    ")}${where ? `\n    ${where.trim()}` : ""}`);
  return { passed, failed: failures.length };
}

await runMain(main);
