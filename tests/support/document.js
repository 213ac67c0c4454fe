// The parts of the documentation that a run writes.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "./consumer.js";

/** Writes lines between the comments `<!-- name -->` and `<!-- /name -->` of a document. */
export function write(document, name, lines) {
  const path = join(REPOSITORY, document);
  const text = readFileSync(path, "utf8");
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${document} has no place for the table of ${name}`);
  writeFileSync(path, `${text.slice(0, from + begin.length)}${lines.join("\n")}\n${text.slice(to)}`);
}
