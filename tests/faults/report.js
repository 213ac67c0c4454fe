// The matrix as people read it.
import { CALLS, cells } from "./cells.js";

/** The rows of the table, with what each call ended as: statuses in ranges of equal results. */
function rowsOf(endings) {
  const rows = [];
  for (const { fault, id, call } of cells) {
    if (call === CALLS[0]) rows.push({ fault, from: fault.more.status, to: fault.more.status, cells: [] });
    rows.at(-1).cells.push(endings(id));
  }
  return rows.reduce((merged, row) => {
    const last = merged.at(-1);
    if (row.from && last?.to === row.from - 1 && last.cells.join() === row.cells.join()) last.to = row.to;
    else merged.push(row);
    return merged;
  }, []).map(({ fault, from, to, cells: ends }) => ({ name: from ? `status ${from}${to > from ? `–${to}` : ""}` : fault.name, group: fault.group, cells: ends }));
}

/** Prints what one place made of it. */
export function print({ place, seen }) {
  console.log(`\n${place.padEnd(55)}` + CALLS.map((call) => call.padEnd(30)).join("").trimEnd());
  let group;
  for (const row of rowsOf((id) => seen.get(id) ?? "-")) {
    if (row.cells.every((cell) => cell === "-")) continue;
    if (row.group !== group) console.log(`${group = row.group}`);
    console.log(`  ${row.name.padEnd(53)}${row.cells.map((cell) => cell.padEnd(30)).join("")}`.trimEnd());
  }
}

export function record() {}
