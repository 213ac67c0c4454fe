// The soak in a page, which the driver tells what to do.
import { soak } from "./soak.js";
import { watch } from "./watch.js";

const unhandled = [];
window.addEventListener("unhandledrejection", (event) => unhandled.push(String(event.reason?.message ?? event.reason)));
window.addEventListener("error", (event) => unhandled.push(event.message));

let run;

window.open = async (config) => {
  watch();
  const pkg = await import("/package/browser.js");
  // A call whose time is up while the module loads makes the next one load it anew.
  await pkg.init();
  run = soak({ ...config, pkg });
};
window.act = async ({ calls, end }) => {
  if (calls) await run.run(calls);
  if (end) await run.end();
  return { ...run.look(), unhandled };
};
