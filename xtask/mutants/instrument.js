// Puts all faults into a copy of the package's scripts, each behind a switch, and lists them:
//   node xtask/mutants/instrument.js --to DIR
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Instrumenter } from "@stryker-mutator/instrumenter";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SCRIPTS = join(ROOT, "pkg-template");
/** What the library calls in place of a fault, by our names. */
const SWITCH = 'import { isOn as stryMutAct_9fa48, reach as stryCov_9fa48 } from "./switch.js";\n';
/** Two words with a space between them: what people read, where no program decides by it. */
const PROSE = /[a-z]\W* \W*[a-z]/i;
/** Characters of what is replaced that may stand at many places of a script: then its line is shown, too. */
const SHORT = 20;
/** Characters of a fault's name that show what was there, and what is put there. */
const LONGEST = 70;
/** Those of its end, where the middle is left out. */
const END = 25;

const log = { debug() {}, info() {}, warn: console.error, error: console.error, isDebugEnabled: () => false };

/** Code on one line, as it can stand between backticks. */
function shown(code) {
  const line = code.replace(/\s+/g, " ").replaceAll("`", "'");
  return line.length > LONGEST ? `${line.slice(0, LONGEST - END)}…${line.slice(-END)}` : line;
}

/** The text between two places. */
function between(text, { start, end }) {
  const lines = text.split("\n").slice(start.line, end.line + 1);
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column);
  lines[0] = lines[0].slice(start.column);
  return lines.join("\n");
}

/** A fault as it is listed; undefined where it changes only what people read. */
function listed({ id, fileName, mutatorName, location, replacement }, text) {
  const original = between(text, location);
  if (mutatorName === "StringLiteral" && PROSE.test(original.replace(/\$\{[^{}]*\}/g, "x"))) return undefined;
  const { line, column } = location.start;
  const where = original.length < SHORT ? ` in ${shown(text.split("\n")[line].trim())}` : "";
  const content = JSON.stringify([text, location, replacement]);
  return {
    id,
    file: fileName,
    name: `pkg-template/${fileName}:${line + 1}:${column + 1}: replace ${shown(original)} with ${shown(replacement)}${where}`,
    key: createHash("sha256").update(content).digest("hex").slice(0, 32),
  };
}

/** Writes the scripts, and beside them what their tests need. */
async function instrument(to) {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  cpSync(SCRIPTS, join(to, "pkg-template"), { recursive: true });
  cpSync(join(ROOT, "tests/scripts"), join(to, "tests/scripts"), { recursive: true });
  const others = readdirSync(join(ROOT, "tests")).filter((name) => name !== "scripts");
  for (const name of ["src", "node_modules", "package.json", ...others.map((one) => `tests/${one}`)]) {
    symlinkSync(join(ROOT, name), join(to, name));
  }

  const names = readdirSync(SCRIPTS).filter((name) => name.endsWith(".js"));
  const texts = new Map(names.map((name) => [name, readFileSync(join(SCRIPTS, name), "utf8")]));
  const options = { plugins: null, ignorers: [], excludedMutations: [], noHeader: true };
  const given = [...texts].map(([name, content]) => ({ name, content, mutate: true }));
  const { files, mutants } = await new Instrumenter(log).instrument(given, options);
  for (const { name, content } of files) writeFileSync(join(to, "pkg-template", name), SWITCH + content);
  cpSync(new URL("switch.js", import.meta.url), join(to, "pkg-template/switch.js"));
  const faults = mutants.flatMap((mutant) => listed(mutant, texts.get(mutant.fileName)) ?? []);
  if (new Set(faults.map(({ name }) => name)).size < faults.length) throw new Error("two faults have one name");
  writeFileSync(join(to, "faults.json"), JSON.stringify(faults));
  console.log(`${faults.length} faults in ${files.length} scripts`);
}

await instrument(parseArgs({ options: { to: { type: "string" } } }).values.to);
