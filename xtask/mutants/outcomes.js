// What became of each fault, kept from run to run. It counts as long as nothing changed that it depends on.
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../../tests/support/consumer.js";

/** What all outcomes depend on. The rest of `xtask/mutants` says only in which order tests run. */
const SOURCES = ["pkg-template", "src", "Cargo.lock", "package-lock.json", "xtask/mutants/switch.js"];
/** The suites by their folders: what is a test there, and what else their tests run. */
const SUITES = {
  "tests/scripts": {
    test: /\.test\.js$/,
    helpers: ["tests/fuzz/corpus", "tests/soak/chance.js", "xtask/mutants/in-scripts.js"],
  },
  "tests/guarantees": {
    test: /\/(\d\d-[^/]*|node-only)\.js$/,
    helpers: ["tests/support", "xtask/mutants/in-guarantees.js"],
  },
};

/** How a fault ends. Of these the last two depend on every test, and the last is no end yet. */
export const [CAUGHT, TIMEOUT, MISSED, LEFT] = ["CaughtMutant", "Timeout", "MissedMutant", "LeftByScripts"];

/** The files at a place, in one order. */
function filesIn(place) {
  if (!statSync(join(REPOSITORY, place)).isDirectory()) return [place];
  const names = readdirSync(join(REPOSITORY, place)).sort();
  return names.flatMap((name) => filesIn(`${place}/${name}`));
}

function digestOf(files) {
  const hash = createHash("sha256");
  for (const file of files)
    hash
      .update(`${file}\n`)
      .update(readFileSync(join(REPOSITORY, file)))
      .update("\0");
  return hash.digest("hex");
}

/** What outcomes depend on: a fault that was found on the file that found it, one that was not on all that ran. */
export function dependencies() {
  const each = new Map();
  const suites = Object.entries(SUITES).map(([folder, { test, helpers }]) => {
    const files = filesIn(folder);
    const tests = files.filter((file) => test.test(file));
    const others = files.filter((file) => !test.test(file));
    const common = digestOf([...SOURCES, ...helpers].flatMap(filesIn).concat(others));
    for (const file of tests) each.set(file, `${common} ${digestOf([file])}`);
    return `${common} ${digestOf(tests)}`;
  });
  return { scripts: suites[0], all: suites.join(" "), of: (file) => each.get(file) };
}

/** The outcomes in a file, a line each, that count with these dependencies. */
export function outcomesIn(path, { all, scripts, of }) {
  const basis = ({ summary, by }) => (summary === MISSED ? all : summary === LEFT ? scripts : of(by));
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean).map(JSON.parse) : [];
  const valid = lines.filter((line) => line.basis === basis(line));
  const kept = new Map(valid.map((line) => [line.key, line]));
  const passed = new Set(lines.flatMap((line) => line.passed.map((file) => `${line.key} ${file}`)));
  return {
    of: ({ key }) => kept.get(key),
    /** Whether a file of tests was run on a fault before, as it is now, and did not find it. */
    hasPassed: ({ key }, file) => passed.has(`${key} ${of(file)}`),
    keep({ key }, outcome) {
      const { passed = [], ...rest } = outcome;
      const line = { key, basis: basis(outcome), ...rest, passed: passed.map(of) };
      kept.set(key, line);
      appendFileSync(path, `${JSON.stringify(line)}\n`);
    },
  };
}

/** What was recorded into a file, or is recorded now if something changed since that it depends on. */
export async function recordedIn(path, basis, record) {
  const kept = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  if (kept.basis === basis) return kept.recorded;
  const recorded = await record();
  writeFileSync(path, JSON.stringify({ basis, recorded }));
  return recorded;
}
