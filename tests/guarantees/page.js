// The suites in a page, which sends each result to the harness: a WebDriver cannot ask a page whose prototypes are polluted.
import { host, platform, task } from "./host.js";
import { report, start } from "./start.js";
import { WATCHDOG } from "./watchdog.js";

const { config } = window;
mocha.setup({ ui: "bdd", timeout: WATCHDOG, reporter: class {}, ...(config.grep && { fgrep: config.grep }) });

window.addEventListener("unhandledrejection", (event) =>
  host.unhandled?.push(`unhandled rejection: ${event.reason?.message ?? String(event.reason)}`),
);
window.addEventListener("error", (event) => host.unhandled?.push(`uncaught error: ${event.message}`));

let sent = Promise.resolve();
function tell(result) {
  const body = JSON.stringify(result);
  sent = sent.then(async () => {
    // A test may have the platform's fetch in its hands: then a little later.
    while (
      !(await platform.fetch("/results", { method: "POST", body }).then(
        ({ ok }) => ok,
        () => false,
      ))
    )
      await task();
  });
}

let copies = 0;
const fresh = (kind, entry) => import(`${location.origin}/${kind}/fresh${++copies}/${entry}`);

try {
  const packageUrl = `${location.origin}/package/first/${config.entry}`;
  await start(
    {
      ...config.addresses,
      config,
      packageUrl,
      signInUrl: new URL("sign-in.js", packageUrl).href,
      name: config.browser,
      page: true,
      inspect: null,
      freshPackage: () => fresh("package", config.entry),
      trapPackage: () => {
        if (!config.trapEntry)
          throw new Error("run.js was not given --trap-pkg, a package built with the feature `trap`");
        return fresh("trap", config.trapEntry);
      },
      worker: (name, data) =>
        new Promise((resolve, reject) => {
          const worker = new Worker(new URL(`./realms/${name}.js`, import.meta.url), { type: "module" });
          worker.onmessage = ({ data: reply }) => {
            if (reply === "ready") return worker.postMessage(data);
            worker.terminate();
            if (reply.error) reject(new Error(reply.error));
            else resolve(reply.value);
          };
          worker.onerror = (event) => reject(new Error(`the worker failed: ${event.message}`));
        }),
    },
    () => import(packageUrl),
    config.suites,
  );
  report(mocha.run(), tell, () => tell({ end: true }));
} catch (error) {
  tell({ title: "the suites start", reason: String(error?.stack ?? error) });
  tell({ end: true });
}
