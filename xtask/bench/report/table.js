// The table of docs/bench.md, and the lines of the terminal.
import { nameOf } from "../peers.js";

const count = (value) => value.toLocaleString("en");
const ratio = (value) => value.toFixed(2);
const FORMATS = { bytes: count, pages: count, crossings: count, ratio, "of the limit": ratio };

/** A figure with its spread: the middle half of the rounds. */
function figure({ unit }, { median, low, high }) {
  const format = FORMATS[unit];
  return low === undefined ? format(median) : `${format(median)} (${format(low)}–${format(high)})`;
}

/** Whether the goal was met, in words; nothing where there was no figure. */
function verdict(row, answer) {
  const goal = answer.goal === undefined ? row.goal : answer.goal;
  const own = answer.figures[answer.own ?? "package"]?.median;
  if (own === undefined || goal === null) return "";
  const limit = goal === "under axios" ? answer.figures.axios.median : goal;
  const isMet = row.more ? own >= limit : own <= limit;
  const text = typeof goal === "number" ? FORMATS[row.unit](goal) : goal;
  return `${text}: ${isMet ? "met" : "not met"}`;
}

function peers(row, { figures, own = "package" }) {
  return Object.entries(figures)
    .filter(([file]) => file !== own)
    .sort(([, a], [, b]) => a.median - b.median)
    .map(([file, its]) => `${nameOf(file)} ${figure(row, its)}`);
}

const unitOf = ({ unit, base = "bare" }) => (unit === "ratio" ? `as a ratio to ${nameOf(base)}` : unit);

/** Lines of Markdown for all that was measured. */
export function tableOf(results) {
  const lines = results.flatMap(({ row, answers }) =>
    answers.map((answer) => {
      const own = answer.figures[answer.own ?? "package"];
      const cells = [
        `${row.what}, ${unitOf(row)}`,
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

const own = (row, { figures, own: file = "package" }) => `${nameOf(file)} ${figure(row, figures[file])}`;

/** Lines for a terminal. */
export function linesOf({ row, answers }) {
  return answers.flatMap((answer) => [
    `${row.what}; ${answer.where}; ${unitOf(row)}`,
    ...(answer.remark ? [`  ${answer.remark}`] : []),
    ...(answer.figures[answer.own ?? "package"]
      ? [`  ${[own(row, answer), verdict(row, answer)].filter(Boolean).join("; goal ")}`]
      : []),
    ...peers(row, answer).map((text) => `  ${text}`),
  ]);
}
