// Runs a list of consumers one after another, prints a row for each, and keeps the table in the docs.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { REPOSITORY, choosePackage } from "./consumer.js";

const OPTIONS = {
  pkg: { type: "string" },
  service: { type: "string" },
  tools: { type: "string" },
  app: { type: "string", multiple: true, default: [] },
  grep: { type: "string", default: "" },
  record: { type: "boolean", default: false },
};

/**
 * Reads the command line, runs the consumers, prints `N passed, N failed` last and ends the process.
 * @param {string} suite the folder's name
 * @param {{ name: string, run: () => Promise<{ version: string }> }[]} consumers `run` throws where the package does not work
 * @param {{ open: (values: object) => Promise<void>, close: () => Promise<void> }} world what they share
 */
export async function runSuite(suite, consumers, { open, close }) {
  const rows = [];
  let failed = 0;
  const failing = async (name, work) => {
    try {
      await work();
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${name}\n    ${String(error?.message ?? error).replaceAll("\n", "\n    ")}`);
    }
  };
  await failing(suite, async () => {
    const { values } = parseArgs({ options: OPTIONS });
    if (!values.tools)
      throw new Error(`Say where the packages of tests/${suite}/package-lock.json are installed: --tools DIR`);
    choosePackage(values.pkg);
    await open(values);
    for (const { name, run } of consumers.filter((consumer) => consumer.name.includes(values.grep))) {
      await failing(name, async () => {
        const { version } = await run();
        rows.push({ name, version });
        console.log(`ok      ${name.padEnd(88)}${version}`);
      });
    }
    if (values.record && values.grep === "" && failed === 0) record(suite, rows);
  });
  await failing("closing", close);
  console.log(`${rows.length} passed, ${failed} failed`);
  process.exit(failed === 0 && rows.length > 0 ? 0 : 1);
}

/** Writes what ran into the docs, a row each, and into the README, a row for all of one version. */
function record(name, rows) {
  write("docs/runtimes.md", name, [
    "| consumer | version |",
    "|---|---|",
    ...rows.map((row) => `| ${row.name} | ${row.version} |`),
  ]);
  const ways = new Map();
  for (const row of rows) {
    const [consumer, ...way] = row.name.split(", ");
    const key = `| ${consumer} | ${row.version} |`;
    ways.set(key, [...(ways.get(key) ?? []), way.join(", ")]);
  }
  write("README.md", name, [
    "| consumer | version | how |",
    "|---|---|---|",
    ...[...ways].map(([key, how]) => `${key} ${how.join(", ")} |`),
  ]);
}

/** Writes lines between the comments `<!-- name -->` and `<!-- /name -->` of a document. */
export function write(document, name, lines) {
  const path = join(REPOSITORY, document);
  const text = readFileSync(path, "utf8");
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${document} has no place for the table of ${name}`);
  writeFileSync(path, `${text.slice(0, from + begin.length)}${lines.join("\n")}\n${text.slice(to)}`);
}
