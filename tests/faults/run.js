// Brings every fault of table.js about in every call: see USAGE.
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { harness } from "../guarantees/harness.js";
import { runMain } from "../support/main.js";
import { locate, mailbox, runInBrowser, runOnNode } from "../support/places.js";
import { startRogue } from "../support/rogue.js";
import { base64, zip } from "../support/zip.js";
import { cells, judge, ourRequests, plans } from "./cells.js";
import { print, record } from "./report.js";
import { selfcheck } from "./selfcheck.js";

const USAGE = `node tests/faults/run.js --pkg DIR [--browser NAME,…] [--grep TEXT] [--record]
  --pkg DIR         a folder in which the packed package is installed
  --service BIN     accepted and not used: every server here is one that misbehaves
  --browser NAME,…  where, of node, chromium, firefox and webkit; node
  --grep TEXT       only the cells whose titles have it
  --record          write what was seen into docs/faults.md, if all is right`;
const OPTIONS = {
  pkg: { type: "string" },
  service: { type: "string" },
  browser: { type: "string", default: "node" },
  grep: { type: "string", default: "" },
  record: { type: "boolean", default: false },
  help: { type: "boolean" },
};

/** Cells at a time: each has an origin, beside the page's, since browsers keep to a few connections an origin. */
const AT_ONCE = { node: 16, page: 8 };
/** Milliseconds without a result after which a place hangs: two calls of a cell, and then some. */
const PATIENCE = 90_000;

/** A token, and the bodies of good answers with a secret in them. */
async function makeSecrets() {
  const [token, secret] = [randomBytes(3072).toString("base64"), randomBytes(48).toString("base64url")];
  const csv = `API Key Name,API Key\r\n"For test",${secret}\r\n`;
  const list = { credentials: [{ id: "01234567-89ab-cdef-0123-456789abcdef", description: secret }], count: 1 };
  const signIn = {
    token: { project: { id: "0123456789abcdef0123456789abcdef" }, expires_at: "2999-01-01T00:00:00.000000Z" },
  };
  const json = (value) => new TextEncoder().encode(JSON.stringify(value));
  const create = await zip([{ name: "credential.csv", data: csv }]);
  return { token, secret, bodies: { create, delete: json(null), list: json(list), signIn: json(signIn) } };
}

/** Where the faults are. */
function addressesOf({ origins, refused, closing, resetting, silent, untrusted }, atOnce) {
  const tls = (address) => address.replace("http:", "https:");
  return {
    origins: origins.slice(1, atOnce),
    unused: origins.slice(atOnce),
    unresolved: "https://nowhere.invalid",
    refused,
    closing,
    resetting,
    silent,
    untrusted,
    tlsToPlain: tls(origins[0]),
    tlsToClosing: tls(closing),
    tlsToResetting: tls(resetting),
    tlsToSilent: tls(silent),
  };
}

/** Runs the cells in one place; gives how each ended there, and what is wrong. */
async function runIn(place, { pkg, grep }) {
  const page = place !== "node";
  const { packageFolder, entry } = locate(pkg, page);
  const { token, secret, bodies } = await makeSecrets();
  const atOnce = 1 + (page ? AT_ONCE.page : AT_ONCE.node);
  const mail = mailbox();
  let config;
  const rogue = await startRogue({
    ports: atOnce + cells.filter(({ fault }) => fault.more.first).length,
    serve: harness({
      page: { title: "Faults", script: "/tests/faults/page.js" },
      config: () => config,
      tell: mail.tell,
      packageFolder,
    }),
  });
  const addresses = addressesOf(rogue, atOnce);
  config = { addresses, token, secrets: [token, secret], file: base64(bodies.create), entry, grep };

  const result = { place, version: process.version.slice(1), endings: new Map(), passed: 0, failures: [] };
  const waiting = new Map(cells.filter(({ title }) => title.includes(grep)).map((cell) => [cell.id, cell]));
  for (const cell of waiting.values()) {
    const [faulty, next] = plans(cell, bodies, secret);
    rogue.plan(cell.id, faulty);
    rogue.plan(`${cell.id}-next`, next);
  }
  const conclude = (title, wrong) => {
    if (wrong.length > 0) result.failures.push({ title, wrong });
    else result.passed += 1;
  };
  const take = ({ title, reason, ...seen }) => {
    const cell = waiting.get(seen.id);
    if (!cell) return conclude(title, [reason ?? []].flat());
    waiting.delete(seen.id);
    const { requests } = rogue.log(cell.id);
    result.endings.set(cell.id, { got: seen.got, times: requests.length - ourRequests(cell.fault) + 1 });
    conclude(cell.title, judge(cell, place, seen, requests));
  };
  try {
    (await selfcheck(rogue)).forEach(take);
    if (page) result.version = await runInBrowser(place, `${rogue.origins[0]}/`, mail, take, PATIENCE);
    else await runOnNode(new URL("./node.js", import.meta.url), config, take, PATIENCE);
  } catch (error) {
    take({ title: "the cells are brought about", reason: error.message });
  } finally {
    await rogue.close();
  }
  const unseen = waiting.size > 0 || result.endings.size === 0;
  take({ title: "every cell is seen", reason: unseen ? `${waiting.size} were not` : undefined });
  return result;
}

async function main() {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) return console.log(USAGE);
  if (!values.pkg) throw new Error(USAGE);
  if (!cells.some(({ title }) => title.includes(values.grep))) return { passed: 0, failed: 0 };
  let [passed, failed] = [0, 0];
  const results = [];
  for (const place of values.browser.split(",")) {
    const result = await runIn(place, values);
    results.push(result);
    print(result);
    for (const { title, wrong } of result.failures) console.log([`FAILED ${place}: ${title}`, ...wrong].join("\n    "));
    passed += result.passed;
    failed += result.failures.length;
  }
  if (values.record && values.grep === "" && failed === 0) record(results);
  return { passed, failed };
}

await runMain(main);
