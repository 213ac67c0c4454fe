// The abort signals of the mix: none, one for the whole run, one that many calls share until it is aborted, and the call's own.
import { between, draw } from "./chance.js";
import { listenersOn, platform } from "./watch.js";

const WHOSE = { none: 40, run: 25, shared: 15, own: 20 };
/** So many calls share a signal before it is aborted. */
const SHARED_BY = 400;

export function signals(random) {
  const run = new AbortController();
  let shared = new AbortController();
  let sharers = 0;

  function take(whose) {
    if (whose === "none") return undefined;
    if (whose === "run") return run;
    if (whose === "own") return new AbortController();
    sharers += 1;
    if (sharers > SHARED_BY) {
      sharers = 1;
      shared.abort(new Error("the shared signal was aborted"));
      shared = new AbortController();
    }
    return shared;
  }

  return {
    /**
     * A signal for one call: `signal` to pass, and `abortSoon()` where the call is to be aborted while it runs.
     * @param {boolean} doomed whether nothing but an abort ends the call
     */
    draw(doomed) {
      const whose = doomed ? "own" : draw(random, WHOSE);
      const controller = take(whose);
      const abort = () => controller.abort(new Error("the call's own signal was aborted"));
      const when = whose === "own" && (doomed || random() < 0.3) ? between(random, doomed ? 0 : -1, 4) : undefined;
      // Before the call, in the same task, or some milliseconds later.
      if (when === -1) abort();
      const abortSoon = () => {
        if (when === 0) abort();
        else if (when > 0) platform.setTimeout(abort, when);
      };
      return { signal: controller?.signal, isOwn: whose === "own", abortSoon };
    },
    /** Listeners on the signals that outlive calls. */
    left: () => listenersOn(run.signal) + listenersOn(shared.signal),
    /** The signal of the whole run, for the platform's own count. */
    ofTheRun: run.signal,
  };
}
