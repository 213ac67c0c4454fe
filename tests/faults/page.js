// The cells in a page, which sends what it saw to its own origin.
import { host, platform } from "../guarantees/host.js";
import { seeAll } from "./call.js";

window.addEventListener("unhandledrejection", ({ reason }) => host.unhandled?.push(String(reason?.message ?? reason)));
window.addEventListener("error", ({ message }) => host.unhandled?.push(message));

let sent = Promise.resolve();
const tell = (seen) => {
  sent = sent.then(() => platform.fetch("/results", { method: "POST", body: JSON.stringify(seen) }));
};

const { config } = window;
try {
  const place = { config, inspect: null, signInUrl: "/package/first/sign-in.js" };
  await seeAll(place, () => import(`/package/first/${config.entry}`), tell);
} catch (error) {
  tell({ title: "the cells are brought about", reason: String(error?.stack ?? error) });
}
tell({ end: true });
