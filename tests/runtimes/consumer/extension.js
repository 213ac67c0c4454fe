// A page of an extension; what its service worker does, it asks for.
import * as keys from "/node_modules/node-provider-keys/browser.js";
import { ask } from "./ask.js";
import { consume } from "./consume.js";

globalThis.places = {
  page: (request) => consume(keys, request),
  "service worker": async (request) => ask((await navigator.serviceWorker.ready).active, request),
};
