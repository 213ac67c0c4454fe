const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });

globalThis.makeAndRevoke = (request) =>
  new Promise((resolve, reject) => {
    worker.onmessage = ({ data: { result, error } }) => (error ? reject(new Error(error)) : resolve(result));
    worker.onerror = ({ message }) => reject(new Error(`the worker failed: ${message}`));
    worker.postMessage(request);
  });
