// Runs a piece of work in a worker of either kind and sends back what it resolves with.
export async function answer(work) {
  const reply = (data) =>
    work(data).then(
      (value) => ({ value }),
      (error) => ({ error: String(error?.stack ?? error) }),
    );
  if (typeof process === "object") {
    const { parentPort, workerData } = await import("node:worker_threads");
    parentPort.postMessage(await reply(workerData));
  } else {
    const post = self.postMessage.bind(self);
    self.onmessage = async ({ data }) => post(await reply(data));
    post("ready");
  }
}
