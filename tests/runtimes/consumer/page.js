import * as keys from "node-provider-keys";
import { consume } from "./consume.js";

/** Has a worker of either sort do it. */
function ask(worker, request) {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(`the worker failed: ${event.message}`));
    port1.onmessage = ({ data: { result, error } }) => (error ? reject(new Error(error)) : resolve(result));
    worker.postMessage(request, [port2]);
  });
}

async function serviceWorker() {
  await navigator.serviceWorker.register("/worker.js", { type: "module" });
  return (await navigator.serviceWorker.ready).active;
}

globalThis.places = {
  page: (request) => consume(keys, request),
  worker: (request) => ask(new Worker("/worker.js", { type: "module" }), request),
  "service worker": async (request) => ask(await serviceWorker(), request),
};
