// The table of docs/bench.md, and the lines of the terminal.
import { nameOf } from "../peers.js";

const count = (value) => value.toLocaleString("en");
const ratio = (value) => value.toFixed(2);
const FORMATS = { bytes: count, pages: count, ratio, "of the limit": ratio };

/** A figure with its spread: the middle half of the rounds. */
function figure({ unit }, { median, low, high }) {
  const format = FORMATS[unit];
  return low === undefined ? format(median) : `${format(median)} (${format(low)}–${format(high)})`;
}

/** Whether the goal was met, in words; nothing where there was no figure. */
function verdict(row, answer) {
  const goal = answer.goal === undefined ? row.goal : answer.goal;
  const own = answer.figures.package?.median;
  if (own === undefined || goal === null) return "";
  const limit = goal === "under axios" ? answer.figures.axios.median : goal;
  const isMet = row.more ? own >= limit : own <= limit;
  const text = typeof goal === "number" ? FORMATS[row.unit](goal) : goal;
  return `${text}: ${isMet ? "met" : "not met"}`;
}

function peers(row, { figures }) {
  return Object.entries(figures)
    .filter(([file]) => file !== "package")
    .sort(([, a], [, b]) => a.median - b.median)
    .map(([file, its]) => `${nameOf(file)} ${figure(row, its)}`);
}

/** Lines of Markdown for all that was measured. */
export function tableOf(results) {
  const lines = results.flatMap(({ row, answers }) =>
    answers.map((answer) => {
      const own = answer.figures.package;
      const cells = [
        `${row.what}, ${row.unit === "ratio" ? "as a ratio to bare `fetch`" : row.unit}`,
        answer.where,
        [own && `**${figure(row, own)}**`, answer.remark].filter(Boolean).join("; "),
        verdict(row, answer),
        peers(row, answer).join(" · "),
      ];
      return `| ${cells.join(" | ")} |`;
    }),
  );
  return ["| what | where | node-provider-keys | goal | peers |", "|---|---|---|---|---|", ...lines];
}

const own = (row, { figures }) => `${nameOf("package")} ${figure(row, figures.package)}`;

/** Lines for a terminal. */
export function linesOf({ row, answers }) {
  return answers.flatMap((answer) => [
    `${row.what}; ${answer.where}; ${row.unit}`,
    ...(answer.remark ? [`  ${answer.remark}`] : []),
    ...(answer.figures.package
      ? [`  ${[own(row, answer), verdict(row, answer)].filter(Boolean).join("; goal ")}`]
      : []),
    ...peers(row, answer).map((text) => `  ${text}`),
  ]);
}
