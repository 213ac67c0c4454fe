// A moment as the service writes it: how long ago, and exactly.
import { make } from "./dom.js";
import { text } from "./text.js";

// Without a zone nobody knows which moment is meant.
const EXACT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s?(Z|[+-]\d\d:?\d\d)$/;
const STEPS = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 30],
  ["month", 12],
  ["year", Infinity],
];

function ago(date) {
  let amount = (date - Date.now()) / 1000;
  for (const [unit, next] of STEPS) {
    if (Math.abs(amount) < next) return text.relative(Math.round(amount), unit);
    amount /= next;
  }
}

/** Milliseconds since 1970, or NaN where the text does not say exactly. */
export const moment = (written = "") => (EXACT.test(written) ? Date.parse(written) : NaN);

/** The time as an element; `none` where there is none. */
export function when(written, none) {
  if (!written) return none;
  const milliseconds = moment(written);
  if (Number.isNaN(milliseconds)) return written;
  const date = new Date(milliseconds);
  return make("time", { dateTime: date.toISOString() }, ago(date), make("span", { class: "exact" }, text.exact(date)));
}
