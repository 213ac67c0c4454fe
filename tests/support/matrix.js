// Runs a list of consumers one after another, prints a row for each, and keeps the table in the docs.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "./consumer.js";

const DOCUMENT = join(REPOSITORY, "docs/runtimes.md");

/**
 * @param {{ name: string, run: () => Promise<{ version: string }> }[]} consumers
 * @param {(result: object, name: string) => void} check throws for what a consumer may not give
 * @returns {Promise<{ rows: { name: string, version: string }[], failed: number }>}
 */
export async function runMatrix(consumers, check) {
  const rows = [];
  let failed = 0;
  for (const { name, run } of consumers) {
    try {
      const result = await run();
      check(result, name);
      rows.push({ name, version: result.version });
      console.log(`ok      ${name.padEnd(36)}${result.version}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${name}\n    ${String(error?.message ?? error).replaceAll("\n", "\n    ")}`);
    }
  }
  return { rows, failed };
}

/** Writes the table between the comments `<!-- name -->` and `<!-- /name -->` of docs/runtimes.md. */
export function record(name, rows) {
  const text = readFileSync(DOCUMENT, "utf8");
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/runtimes.md has no place for the table of ${name}`);
  const table = ["| consumer | version |", "|---|---|", ...rows.map((row) => `| ${row.name} | ${row.version} |`)].join("\n");
  writeFileSync(DOCUMENT, `${text.slice(0, from + begin.length)}${table}\n${text.slice(to)}`);
}
