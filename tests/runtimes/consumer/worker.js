// A dedicated worker and a service worker in one: neither knows the page's import map.
import * as keys from "/node_modules/node-provider-keys/browser.js";
import { consume } from "./consume.js";

self.addEventListener("message", (event) => {
  const [port] = event.ports;
  const work = consume(keys, event.data).then(
    (result) => port.postMessage({ result }),
    (error) => port.postMessage({ error: String(error) }),
  );
  event.waitUntil?.(work);
});
