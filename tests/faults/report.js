// The matrix as people read it: printed for one place, and kept in the docs for all.
import { write } from "../support/matrix.js";
import { CALLS, cells } from "./cells.js";

const NAMES = { node: "Node", chromium: "Chromium", firefox: "Firefox", webkit: "WebKit" };

/** How a cell ended in a place; "×2" where the platform sent the request twice. */
function told({ endings }, id) {
  const { got, times } = endings.get(id) ?? {};
  return got && (times > 1 ? `${got} ×${times}` : got);
}

/** The rows of the table, with each place's three endings; statuses in ranges of equal ones. */
function rowsOf(results) {
  const rows = [];
  for (const { fault, id, call } of cells) {
    const { status } = fault.more;
    if (call === CALLS[0]) rows.push({ ...fault, from: status, to: status, ends: results.map(() => []) });
    for (const [at, result] of results.entries()) rows.at(-1).ends[at].push(told(result, id));
  }
  const merged = [];
  for (const row of rows.filter(({ ends }) => ends.flat().every(Boolean))) {
    const last = merged.at(-1);
    if (row.from && last?.to === row.from - 1 && String(last.ends) === String(row.ends)) last.to = row.to;
    else merged.push(row);
  }
  return merged.map((row) => ({ ...row, name: row.to > row.from ? `${row.name}–${row.to}` : row.name }));
}

/** Prints how the cells ended in one place. */
export function print(result) {
  const line = (name, texts) =>
    console.log((name.padEnd(55) + texts.map((text) => text.padEnd(30)).join("")).trimEnd());
  console.log();
  line(`${NAMES[result.place]} ${result.version}`, CALLS);
  let group;
  for (const row of rowsOf([result])) {
    if (row.group !== group) console.log((group = row.group));
    line(`  ${row.name}`, row.ends[0]);
  }
}

/** The lines of one fault: places whose endings are equal share one. */
function linesOf(name, ends, results) {
  const ways = new Map();
  ends.forEach((texts, at) => {
    const key = texts.join(" | ");
    ways.set(key, [...(ways.get(key) ?? []), NAMES[results[at].place]]);
  });
  return [...ways].map(
    ([texts, places], at) =>
      `| ${at === 0 ? name : ""} | ${places.length === results.length ? "all" : places.join(", ")} | ${texts} |`,
  );
}

/** A group's table, with why places differ in its faults below. */
function tableOf(rows, results) {
  const reasons = new Map();
  const number = (why) => {
    if (!reasons.has(why)) reasons.set(why, reasons.size + 1);
    return reasons.get(why);
  };
  const lines = rows.flatMap(({ name, ends, more: { why } }) =>
    linesOf(why && new Set(ends.map(String)).size > 1 ? `${name} (${number(why)})` : name, ends, results),
  );
  const notes = [...reasons].map(([why, at]) => `${at}. ${why}`);
  return ["| fault | where | create | delete | list | sign in |", "|---|---|---|---|---|---|", ...lines, "", ...notes];
}

/** Keeps the whole matrix in the docs. */
export function record(results) {
  const all = rowsOf(results);
  const lines = [`Last seen on ${results.map(({ place, version }) => `${NAMES[place]} ${version}`).join(", ")}.`];
  for (const group of new Set(all.map((row) => row.group))) {
    const table = tableOf(
      all.filter((row) => row.group === group),
      results,
    );
    lines.push("", `### ${group}`, "", ...table.slice(0, table.at(-1) === "" ? -1 : undefined));
  }
  write("docs/faults.md", "faults", lines);
}
