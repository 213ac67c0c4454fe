// The suites in the order in which they run; every place runs all of `everywhere` unchanged.
const everywhere = [
  "00-detectors",
  "01-origin",
  "02-secrets",
  "03-memory",
  "04-one-fetch",
  "05-certainty",
  "06-whole-file",
  "07-limits",
  "08-deadline",
  "09-retries",
  "10-providers",
  "11-settles",
  "12-prototypes",
  "13-read-credentials",
  "14-options",
  "15-lists",
  "16-callers",
];

export const suites = { node: [...everywhere, "node-only"], page: [...everywhere, "page-only"] };
/** A test that takes longer hangs: milliseconds. */
export const WATCHDOG = 30_000;
