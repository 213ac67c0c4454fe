// Makes calls of a mix, so many at a time, and counts what comes of them; runs in any place.
import { chance } from "./chance.js";
import { served } from "./served.js";
import { signals as drawnSignals } from "./signals.js";
import { stubbed } from "./stubbed.js";
import { listenersOn, module, pendingTimers } from "./watch.js";

const CONCURRENCY = 64;
/** Who calls where nobody in particular does. */
const ANYBODY = { run: (work) => work(), hear: (settled) => settled };
/** So many wrong answers are quoted. */
const QUOTED = 5;

/**
 * @param {object} options `callers` are who call, each in a context of its own; see callers.js
 * @param {"stub" | "service"} options.against
 */
export function soak({ pkg, against, seed, service, callers }) {
  const random = chance(seed);
  const signals = drawnSignals(random);
  const mix = { stub: stubbed, service: served }[against]({ pkg, random, signals, service });
  const counts = { calls: 0, wrong: 0, left: 0, by: {} };
  const quoted = [];
  let made = 0;

  function note(what) {
    counts.wrong += 1;
    if (quoted.length < QUOTED) quoted.push(what);
  }

  async function one(n, caller) {
    const { promise, operation, signal, judge } = mix.call(n, caller);
    const settled = await promise.then(
      (value) => caller.hear({ value }),
      (error) => caller.hear({ error }),
    );
    if (signal) counts.left += listenersOn(signal);
    const wrong = await judge(settled).catch((error) => `the answer could not be judged: ${error.message}`);
    if (wrong) note(`call ${n}, ${operation}: ${wrong}`);
    const name = `${operation} ${settled.error ? settled.error.kind : "answered"}`;
    counts.by[name] = (counts.by[name] ?? 0) + 1;
    counts.calls += 1;
  }

  return {
    /** Makes `count` calls and waits until each has settled. */
    async run(count) {
      const end = made + count;
      const worker = async (caller) => {
        while (made < end) await one(made++, caller);
      };
      const everybody = callers?.list ?? Array(CONCURRENCY).fill(ANYBODY);
      await Promise.all(everybody.map((caller) => caller.run(() => worker(caller))));
      for (const what of (await mix.tidy()) ?? []) note(what);
    },
    /** Ends what the mix has made. */
    async end() {
      for (const what of (await mix.end()) ?? []) note(what);
    },
    /** What is left while nothing runs. */
    look: () => ({
      ...module(),
      timers: pendingTimers(),
      listeners: signals.left(),
      counts: structuredClone(counts),
      quoted,
      ...callers?.look(),
    }),
    signals,
  };
}
