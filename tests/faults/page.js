// The cells in a page, which sends what it saw to its own origin.
import { host, platform } from "../guarantees/host.js";
import { seeAll } from "./call.js";

window.addEventListener("unhandledrejection", (event) => host.unhandled?.push(`unhandled rejection: ${event.reason?.message ?? String(event.reason)}`));
window.addEventListener("error", (event) => host.unhandled?.push(`uncaught error: ${event.message}`));

let sent = Promise.resolve();
const tell = (seen) => {
  sent = sent.then(() => platform.fetch("/results", { method: "POST", body: JSON.stringify(seen) }));
};

const { config } = window;
try {
  await seeAll({ config, inspect: null }, () => import(`/package/first/${config.entry}`), tell);
} catch (error) {
  tell({ title: "the cells are brought about", reason: String(error?.stack ?? error) });
}
tell({ end: true });
