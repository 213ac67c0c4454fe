// What a run says: lines for a terminal, and the tables of the docs.
import { write } from "../../tests/support/matrix.js";
import { clientCalled, OWN } from "./clients.js";

const PLACES = { node: "Node", chromium: "Chromium" };
/** The README's table. */
export const SHORT = {
  rows: ["redirect", "login", "keys", "printed", "stops"],
  clients: [OWN, "fetch", "ky2", "axios", "openai"],
};

const cellOf = ({ cells }, row, platform, file) => cells.get(row).get(platform)?.get(file);

/** Lines for a terminal; `isClose` has each case of each cell. */
export function linesOf(measured, isClose) {
  return measured.rows.flatMap((row) => [
    row.question,
    ...measured.clients.flatMap(({ file, name }) =>
      measured.platforms.flatMap((platform) => {
        const { cell, lack, cases = [] } = cellOf(measured, row, platform, file) ?? {};
        if (!cell) return [];
        const line = `  ${name.padEnd(26)}${PLACES[platform].padEnd(10)}${lack ?? cell}`;
        return [line, ...(isClose ? cases.map((it) => `      ${it}`) : [])];
      }),
    ),
  ]);
}

const table = (head, body) => [
  `| ${head.join(" | ")} |`,
  `|${head.map(() => "---|").join("")}`,
  ...body.map((line) => `| ${line.join(" | ")} |`),
];

/** A row of its own section: who did what. */
function section(measured, row) {
  const places = measured.platforms.filter((platform) => cells(measured, row, platform).length > 0);
  const lacks = new Map();
  const body = measured.clients
    .map(({ file, name }) => {
      const found = places.map((platform) => cellOf(measured, row, platform, file));
      const { lack } = found.find((it) => it?.lack) ?? {};
      if (lack) lacks.set(lack, [...(lacks.get(lack) ?? []), name]);
      return [lack === undefined, [file === OWN ? `**${name}**` : name, ...found.map((it) => it?.cell ?? "–")]];
    })
    .filter(([applies]) => applies)
    .map(([, line]) => line);
  const left = [...lacks].map(([lack, names]) => `Not for ${names.join(", ")}: ${lack}.`);
  const head = row.isFigure ? ["client", "figure"] : ["client", ...places.map((place) => PLACES[place])];
  return [`### ${row.question}`, "", row.how, "", ...table(head, body), "", ...(left.length ? [...left, ""] : [])];
}

const cells = (measured, row, platform) => [...measured.cells.get(row).get(platform).values()];

function madeWith({ clients, versions }) {
  const all = clients.map(({ file, name }) => versions[file] && `${name} ${versions[file]}`).filter(Boolean);
  const day = new Date().toISOString().slice(0, 10);
  return [`Measured on ${day} with Node ${versions.Node} and Chromium ${versions.Chromium}; ${all.join(", ")}.`];
}

/** The README's table. */
export function shortTable(measured) {
  const clients = SHORT.clients.map((file) => clientCalled(file));
  const body = SHORT.rows.map((name) => {
    const row = measured.rows.find((it) => it.name === name);
    const line = clients.map(({ file }) => {
      const { short, cell } = cellOf(measured, row, "node", file);
      return short ?? cell;
    });
    return [row.question, ...line];
  });
  const versions = clients.map(({ file, name }) => [name, file === OWN ? "" : measured.versions[file]]);
  return table(["on Node", ...versions.map((it) => it.filter(Boolean).join(" "))], body);
}

/** Writes the tables into the README and the docs. */
export function record(measured) {
  write("README.md", "peers", shortTable(measured));
  const sections = measured.rows.flatMap((row) => section(measured, row));
  write("docs/peers.md", "peers", ["", ...madeWith(measured), "", ...sections]);
}
