// The tables beside the peers have every client and row that the command knows, and this package keeps its promises there.
import { assert } from "chai";
import { CLIENTS, clientCalled, OWN } from "../../xtask/peers/clients.js";
import { SHORT } from "../../xtask/peers/report.js";
import { ROWS } from "../../xtask/peers/rows.js";
import { read } from "../support/files.js";

/** What stands between the marks of a document. */
const between = (path) => /<!-- peers -->\n([^]*)<!-- \/peers -->/.exec(read(path))[1];

const cellsOf = (line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, ""));
const tablesOf = (text) => text.split("\n").filter((line) => line.startsWith("| "));

/** The sections of docs/peers.md by question, each with the cells of its clients and the ones that are left out. */
const sections = new Map(
  between("docs/peers.md")
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const [question, ...rest] = section.split("\n");
      const [head, ...lines] = tablesOf(rest.join("\n")).map(cellsOf);
      const left = [...rest.join("\n").matchAll(/^Not for (.*?): /gm)].flatMap(([, names]) => names.split(", "));
      return [question, { head, lines, left }];
    }),
);

describe("The tables beside the peers", () => {
  it("docs/peers.md has the rows that the command measures", () => {
    assert.isAbove(ROWS.length, 10);
    assert.deepEqual(
      [...sections.keys()],
      ROWS.map(({ question }) => question),
    );
  });

  for (const { question, promised, isFigure } of ROWS) {
    it(`"${question}" has every client, by its name or by the reason why it is left out`, () => {
      const { lines, left } = sections.get(question);
      const shown = lines.map(([name]) => name.replaceAll("*", ""));
      for (const { name } of CLIENTS) assert.isTrue(shown.includes(name) !== left.includes(name), name);
      for (const line of lines) for (const cell of line) assert.isNotEmpty(cell);
    });

    it(`"${question}": this package does as promised`, () => {
      const { head, lines } = sections.get(question);
      const [, ...cells] = lines.find(([name]) => name === `**${clientCalled(OWN).name}**`);
      if (isFigure) return assert.match(cells.join(), /^[\d,.]+( \(.*\))?$/);
      assert.isAtLeast(cells.length, 1);
      const places = head.slice(1).map((place) => place.toLowerCase());
      for (const [at, place] of places.entries()) assert.equal(cells[at], promised[place] ?? promised, place);
    });
  }

  it("the README's table has its rows and clients, with the same cells", () => {
    const [head, ...lines] = tablesOf(between("README.md")).map(cellsOf);
    const clients = SHORT.clients.map(clientCalled);
    for (const [at, { name }] of clients.entries()) assert.include(head[at + 1], name);
    const rows = SHORT.rows.map((name) => ROWS.find((row) => row.name === name));
    assert.deepEqual(
      lines.map(([question]) => question),
      rows.map(({ question }) => question),
    );
    for (const [at, { question }] of rows.entries()) {
      const long = new Map(sections.get(question).lines.map(([name, node]) => [name.replaceAll("*", ""), node]));
      for (const [place, { name }] of clients.entries())
        assert.isTrue(long.get(name).startsWith(lines[at][place + 1]), `${question} ${name}`);
    }
  });

  it("each client is a file", () => {
    for (const { file } of CLIENTS)
      assert.match(read(`xtask/bench/peers/${file}.js`), /^export const connect =/m, file);
  });
});
