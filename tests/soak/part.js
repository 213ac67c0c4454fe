// One soak in one place: makes the calls, takes samples while nothing runs, and checks that nothing grew and nothing is left.
import assert from "node:assert/strict";
import { growth } from "./flat.js";
import { STEP } from "./places.js";

/** Linear memory must not grow after so many calls. */
const FIRST = 100;
const SAMPLES = 25;
/** The part of the calls that warms up, and of a short run's half so many: engines compile what runs often. */
const WARM_UP = 0.02;
const WARM_UP_SHORT = 1000;
/** The heap may grow by so many bytes from warm-up to end, by the line through all samples: a leak grows with the calls. */
const BOUND = 1024 * 1024;
/** The module keeps the names of the fields that it has once written: so many handles and no more. */
const KEPT = 16;

/** Makes calls until there were so many; gives the last look. */
async function until(place, calls, seen) {
  for (let left = calls - seen.counts.calls; left > 0; left -= STEP) seen = await place.run(Math.min(left, STEP));
  return seen;
}

/** Runs it, and shows each sample; gives the first look, the samples, and the last look. */
export async function measure(place, calls, show = () => {}) {
  const first = await place.run(FIRST);
  const warm = Math.round(Math.max(FIRST, calls * WARM_UP, Math.min(calls / 2, WARM_UP_SHORT)));
  const samples = [];
  let seen = first;
  for (let at = 0; at < SAMPLES; at += 1) {
    seen = await until(place, warm + Math.round(((calls - warm) * at) / (SAMPLES - 1)), seen);
    samples.push(seen);
    show(seen);
  }
  return { first, samples, last: await place.end() };
}

/** What has to hold, each by its name; `told` is the figure. */
export function checks({ first, samples, last }) {
  const points = samples.map(({ counts, heap }) => [counts.calls, heap]);
  const grown = growth(points);
  const span = points.at(-1)[0] - points[0][0];
  const calls = last.counts.calls;
  return [
    {
      name: "every call settled as it had to, with what it asked for",
      told: `${calls} calls, ${last.counts.wrong} wrong answers`,
      check: () => assert.equal(last.counts.wrong, 0, last.quoted.join("; ")),
    },
    ...(last.callers === undefined
      ? []
      : [
          {
            name: "every function of a caller ran in that caller's context, with that caller's token",
            told: `${last.callers} callers, ${last.ran} noted, ${last.strays.count} strays`,
            check: () => {
              assert.equal(last.strays.count, 0, last.strays.quoted.join("; "));
              assert.deepEqual(last.idle, [], "these never ran");
            },
          },
        ]),
    {
      name: "nothing was unhandled",
      told: `${last.unhandled.length} unhandled errors`,
      check: () => assert.deepEqual(last.unhandled, []),
    },
    {
      name: `linear memory did not grow after the first ${FIRST} calls`,
      told: `${first.pages} pages after ${FIRST} calls, ${last.pages} after ${calls}`,
      check: () => assert.equal(last.pages, first.pages),
    },
    {
      name: "no handle is left",
      told: `${samples[0].taken} handles while nothing runs after warm-up, ${last.taken} at the end, and places for ${last.handles}`,
      check: () => assert.ok(last.taken - samples[0].taken <= KEPT, `more than ${KEPT} more`),
    },
    {
      name: "the heap is flat after warm-up",
      told:
        `${points[0][1]} bytes after ${points[0][0]} calls, ${points.at(-1)[1]} after ${points.at(-1)[0]}; by the line through ` +
        `${points.length} samples ${Math.round(grown)} bytes in ${span} calls (${(grown / span).toFixed(2)} a call), bound ${BOUND}`,
      check: () => assert.ok(grown < BOUND, `it grew by ${grown} bytes`),
    },
    {
      name: "no timer and no listener is left",
      told: `${last.timers} timers, ${last.counts.left} listeners on calls' own signals, ${last.listeners} on shared ones`,
      check: () =>
        assert.deepEqual([last.timers, last.counts.left, last.listeners, last.nodeListeners ?? 0], [0, 0, 0, 0]),
    },
    ...(last.atStart === undefined
      ? []
      : [
          {
            name: "the process holds what it held at the start, and Node warned of nothing that leaks",
            told: `at the start ${last.atStart || "nothing"}, at the end ${last.atEnd || "nothing"}; warnings ${JSON.stringify(last.warnings)}`,
            check: () => {
              assert.equal(last.atEnd, last.atStart);
              assert.deepEqual(
                Object.keys(last.warnings).filter((name) => name !== "MaxListenersExceededWarning"),
                [],
              );
            },
          },
        ]),
  ];
}
