import * as keys from "node-provider-keys";
import { ask } from "./ask.js";
import { consume } from "./consume.js";

async function serviceWorker() {
  await navigator.serviceWorker.register("/worker.js", { type: "module" });
  return (await navigator.serviceWorker.ready).active;
}

globalThis.places = {
  page: (request) => consume(keys, request),
  worker: (request) => ask(new Worker("/worker.js", { type: "module" }), request),
  "service worker": async (request) => ask(await serviceWorker(), request),
};
