// The matrix as people read it: printed for one place, and kept in the docs for all.
import { write } from "../support/matrix.js";
import { CALLS, cells } from "./cells.js";

const NAMES = { node: "Node", chromium: "Chromium", firefox: "Firefox", webkit: "WebKit" };
const DOCUMENT = "docs/faults.md";

/** What a cell ended as in a place; "×2" where the platform sent the request twice. */
function told({ endings }, id) {
  const { got, times } = endings.get(id) ?? {};
  return got && (times > 1 ? `${got} ×${times}` : got);
}

/** The rows of the table, with each place's three endings; statuses in ranges of equal ones. */
function rowsOf(results) {
  const rows = [];
  for (const { fault, id, call } of cells) {
    if (call === CALLS[0]) rows.push({ fault, from: fault.more.status, to: fault.more.status, ends: results.map(() => []) });
    results.forEach((result, at) => rows.at(-1).ends[at].push(told(result, id)));
  }
  const merged = [];
  for (const row of rows.filter(({ ends }) => ends.flat().every(Boolean))) {
    const last = merged.at(-1);
    if (row.from && last?.to === row.from - 1 && String(last.ends) === String(row.ends)) last.to = row.to;
    else merged.push(row);
  }
  return merged.map(({ fault, from, to, ends }) => ({ ...fault, name: to > from ? `${fault.name}–${to}` : fault.name, ends }));
}

/** Prints how the cells ended in one place. */
export function print(result) {
  const line = (name, texts) => console.log((name.padEnd(55) + texts.map((text) => text.padEnd(30)).join("")).trimEnd());
  console.log();
  line(`${NAMES[result.place]} ${result.version}`, CALLS);
  let group;
  for (const row of rowsOf([result])) {
    if (row.group !== group) console.log(group = row.group);
    line(`  ${row.name}`, row.ends[0]);
  }
}

/** Places whose endings are equal share a line of the docs. */
function linesOf({ name, ends }, results) {
  const ways = new Map();
  ends.forEach((texts, at) => {
    const key = texts.join(" | ");
    ways.set(key, [...(ways.get(key) ?? []), NAMES[results[at].place]]);
  });
  return [...ways].map(([texts, places], at) => `| ${at === 0 ? name : ""} | ${places.length === results.length ? "all" : places.join(", ")} | ${texts} |`);
}

/** Keeps the whole matrix in the docs. */
export function record(results) {
  const all = rowsOf(results);
  const text = [`Last seen on ${results.map(({ place, version }) => `${NAMES[place]} ${version}`).join(", ")}.`];
  for (const group of new Set(all.map((row) => row.group))) {
    const rows = all.filter((row) => row.group === group);
    text.push("", `### ${group}`, "", "| fault | where | create | delete | list |", "|---|---|---|---|---|");
    text.push(...rows.flatMap((row) => linesOf(row, results)));
    const reasons = new Map();
    for (const { name, more, ends } of rows) {
      if (more.why && new Set(ends.map(String)).size > 1) reasons.set(more.why, [...(reasons.get(more.why) ?? []), name]);
    }
    if (reasons.size > 0) text.push("", ...[...reasons].map(([why, names]) => `- ${names.join("; ")}: ${why}`));
  }
  write(DOCUMENT, "faults", text);
}
