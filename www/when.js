// A moment as the service writes it: how long ago, which ticks, and exactly.
import { make } from "./dom.js";
import { text } from "./text.js";

// Without a zone nobody knows which moment is meant.
const EXACT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s?(Z|[+-]\d\d:?\d\d)$/;
/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const STEPS = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 30],
  ["month", 12],
  ["year", Infinity],
];
const TICK = 10_000;

/** How long ago, in words. */
export function ago(milliseconds) {
  // A clock that is behind the service's must not speak of the future.
  let amount = Math.min(0, milliseconds - Date.now()) / 1000;
  for (const [unit, next] of STEPS) {
    if (Math.abs(amount) < next) return text.relative(Math.round(amount), unit);
    amount /= next;
  }
  // The last step has no end.
  return "";
}

/** Milliseconds since 1970, or NaN where the text does not say exactly. */
export const moment = (written = "") => (EXACT.test(written) ? Date.parse(written) : NaN);

/** How long ago, as an element that ticks. */
export function ticking(milliseconds) {
  const iso = new Date(milliseconds).toISOString();
  return make("time", { class: "ago", dateTime: iso, title: iso }, ago(milliseconds));
}

/** The service's time as an element, with zone and UTC in its title; `none` where there is none. */
export function when(written, none) {
  if (!written) return none;
  const milliseconds = moment(written);
  if (Number.isNaN(milliseconds)) return written;
  return make(
    "span",
    { class: "when" },
    ticking(milliseconds),
    make("span", { class: "exact" }, text.exact(new Date(milliseconds))),
  );
}

/** Now, exactly, with zone. */
export const now = () => text.exact(new Date());

setInterval(() => {
  for (const time of /** @type {NodeListOf<HTMLTimeElement>} */ (document.querySelectorAll("time.ago"))) {
    const words = ago(Date.parse(time.dateTime));
    if (time.textContent !== words) time.textContent = words;
  }
}, TICK);
