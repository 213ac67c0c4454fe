// Waiting for work that may never end.

/**
 * A promise that fulfils when `work` has settled and `taken` or `failed` was told, or rejects once `leave` is called.
 * From then on nothing that waits is kept, however long the work goes on.
 */
export function stepOf(work, taken, failed) {
  /** @type {any} */
  let open = { taken, failed, resolve: undefined, reject: undefined };
  const promise = new Promise((resolve, reject) => {
    open.resolve = resolve;
    open.reject = reject;
  });
  const settle = (tell) => (end) => {
    if (!open) return;
    open[tell](end);
    open.resolve();
    open = undefined;
  };
  work.then(settle("taken"), settle("failed"));
  const leave = () => {
    open?.reject();
    open = undefined;
  };
  return { promise, leave };
}
