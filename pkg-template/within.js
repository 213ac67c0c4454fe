// The deadline of a call while its module loads; afterwards the module keeps it.

const DEFAULT_TIMEOUT = 30_000;
// What timers can hold; past it they fire at once.
const LONGEST_TIMER = 2 ** 31 - 1;

// Rejects with the fields of an error, and leaves what is wrong with the options to the module.
export async function within(given, load, whyNot) {
  // Some calls have no options, and what callers pass may be anything.
  const options = typeof given === "object" && given !== null ? given : { __proto__: null };
  const { timeout = DEFAULT_TIMEOUT, signal } = options;
  const limited = typeof timeout === "number" && timeout > 0 && timeout <= LONGEST_TIMER;
  const started = performance.now();
  let timer;
  let onAbort;
  const ended = new Promise((_, reject) => {
    const end = (kind, happened, more) => reject({ kind, outcome: "not_sent", happened, ...more });
    onAbort = () =>
      end("aborted", "was aborted; nothing was sent: call again when it is wanted.", {
        cause: quietly(() => signal.reason),
      });
    if (limited) {
      const onTimeout = () => end("timeout", "ran out of time; nothing was sent: call again with more time.");
      timer = setTimeout(onTimeout, timeout);
    }
    quietly(() => signal?.addEventListener("abort", onAbort));
    if (quietly(() => signal?.aborted)) onAbort();
  });
  const loaded = load().catch((error) => Promise.reject(whyNot(error)));
  try {
    await Promise.race([ended, loaded]);
    if (limited) options.timeout = Math.max(1, timeout - (performance.now() - started));
  } finally {
    clearTimeout(timer);
    quietly(() => signal?.removeEventListener("abort", onAbort));
  }
}

// What is not a signal, or throws, is no reason to stop here: the module names it.
function quietly(use) {
  try {
    return use();
  } catch {
    return undefined;
  }
}
