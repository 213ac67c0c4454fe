// Brings every fault of table.js about in every call: node tests/faults/run.js --pkg DIR [--browser NAME,…] [--only TEXT] [--record]
//   --browser NAME,…  where, of node, chromium, firefox and webkit; node
//   --only TEXT       only the cells whose titles have it
//   --record          write what was seen into docs/faults.md, if all is right
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { harness } from "../guarantees/harness.js";
import { locate, mailbox, runInBrowser, runOnNode } from "../support/places.js";
import { startRogue } from "../support/rogue.js";
import { zip } from "../support/zip.js";
import { cells, judge, ourRequests, plans } from "./cells.js";
import { print, record } from "./report.js";

/** Cells at a time: each has an origin, beside the page's, since browsers keep to a few connections an origin. */
const AT_ONCE = { node: 16, page: 8 };
/** Milliseconds without a result after which a place hangs: two calls of a cell, and then some. */
const PATIENCE = 90_000;

const OPTIONS = {
  pkg: { type: "string" }, service: { type: "string" }, browser: { type: "string", default: "node" },
  only: { type: "string", default: "" }, record: { type: "boolean", default: false },
};

/** The bodies of good answers, with a secret in them, and a token. */
async function makeSecrets() {
  const [token, secret] = [`${randomBytes(3072).toString("base64")}`, randomBytes(48).toString("base64url")];
  const file = await zip([{ name: "credential.csv", data: `API Key Name,API Key\r\n"For test",${secret}\r\n` }]);
  const list = { credentials: [{ id: "01234567-89ab-cdef-0123-456789abcdef", description: secret }], count: 1 };
  const text = (value) => new TextEncoder().encode(JSON.stringify(value));
  return { token, secret, bodies: { create: file, delete: text(null), list: text(list) } };
}

/** Runs the cells in one place; gives how each ended there, and what is wrong. */
async function runIn(place, { pkg, only }) {
  const page = place !== "node";
  const tested = locate(pkg, page);
  const { token, secret, bodies } = await makeSecrets();
  const atOnce = 1 + (page ? AT_ONCE.page : AT_ONCE.node);
  let config;
  const mail = mailbox();
  const rogue = await startRogue({
    ports: atOnce + cells.filter(({ fault }) => fault.more.first).length,
    serve: harness({ page: { title: "Faults", script: "/tests/faults/page.js" }, config: () => config, tell: mail.tell, packageFolder: tested.packageFolder }),
  });
  const byId = new Map(cells.map((cell) => [cell.id, cell]));
  for (const cell of cells) {
    const [faulty, next] = plans(cell, bodies, secret);
    rogue.plan(cell.id, faulty);
    rogue.plan(`${cell.id}-next`, next);
  }
  const { origins, refused, closing, resetting, silent, untrusted } = rogue;
  const tls = (address) => address.replace("http:", "https:");
  config = {
    token, secrets: [token, secret], file: Buffer.from(bodies.create).toString("base64"), entry: tested.entry, only,
    addresses: {
      origins: origins.slice(1, atOnce), unused: origins.slice(atOnce), refused, closing, resetting, silent, untrusted, unresolved: "https://nowhere.invalid",
      tlsToPlain: tls(origins[0]), tlsToClosing: tls(closing), tlsToResetting: tls(resetting), tlsToSilent: tls(silent),
    },
  };

  const result = { place, version: process.version.slice(1), endings: new Map(), failures: [] };
  const take = ({ title, reason, ...seen }) => {
    const cell = byId.get(seen.id);
    const requests = cell ? rogue.log(cell.id).requests : [];
    const wrong = cell ? judge(cell, place, seen, requests) : [reason ?? []].flat();
    result.endings.set(cell?.id ?? title, { got: seen.got, times: cell && requests.length - ourRequests(cell.fault) + 1 });
    if (wrong.length > 0) result.failures.push({ title: cell?.title ?? title, wrong });
  };
  try {
    if (page) result.version = await runInBrowser(place, `${origins[0]}/`, mail, take, PATIENCE);
    else await runOnNode(new URL("./node.js", import.meta.url), config, take, PATIENCE);
  } catch (error) {
    take({ title: "the cells are brought about", reason: error.message });
  } finally {
    await rogue.close();
  }
  return result;
}

async function main() {
  const { values } = parseArgs({ options: OPTIONS });
  if (!values.pkg) throw new Error("Say where the packed package is installed: --pkg DIR");
  let [passed, failed] = [0, 0];
  const results = [];
  for (const place of values.browser.split(",")) {
    const result = await runIn(place, values);
    results.push(result);
    print(result);
    for (const { title, wrong } of result.failures) console.log(`FAILED ${place}: ${title}\n    ${wrong.join("\n    ")}`);
    passed += result.endings.size - result.failures.length;
    failed += result.failures.length;
  }
  if (values.record && values.only === "" && failed === 0) record(results);
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.message);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
}
