// Sets up what tests rely on before the package is imported, then imports it and the suites; both platforms' entries call it.
import { host, platform } from "./host.js";
import { watchOutput } from "./leaks.js";
import { captureMemories } from "./memory.js";

/**
 * @param {object} place the fields of `host` that the platform knows
 * @param {() => Promise<object>} importPackage
 * @param {string[]} suites
 */
export async function start(place, importPackage, suites) {
  // First, since Node's fetch keeps a WebAssembly parser of its own, with what it received in its memory.
  await platform.fetch(`${place.origins[0]}/control/log/warm-up`).then((response) => response.text());
  captureMemories();
  watchOutput();
  const leaving = async () => (await platform.fetch(`${place.origins[0]}/control/leaving/any`)).json();
  Object.assign(host, place, { unhandled: [], leaving });
  host.globalsBefore = Object.keys(globalThis);
  host.pkg = await importPackage();
  host.signIn = (await import(host.signInUrl)).signIn;
  host.globalsAfter = Object.keys(globalThis);
  for (const suite of suites) await import(`./${suite}.js`);
  host.globalsOfTheRun = Object.keys(globalThis);
  // Once before the first test, so that no deadline of a test has to cover the load.
  await host.pkg
    .deleteApiKey({
      endpoint: host.origins[1],
      projectId: "0".repeat(32),
      credentialId: "0".repeat(36),
      token: "warm-up",
      fetch: async () => new Response("null"),
    })
    .catch(() => {});
}

/** Reports each test of a mocha run as { title, reason? }. */
export function report(run, tell, done) {
  run.on("pass", (test) => tell({ title: test.fullTitle() }));
  run.on("fail", (test, error) =>
    tell({
      title: test.fullTitle(),
      reason: `${error?.message ?? error}`.slice(0, 2000),
      where: String(error?.stack ?? "")
        .split("\n")
        .find((line) => /guarantees\/\d\d|-only/.test(line)),
    }),
  );
  run.on("pending", (test) => tell({ title: test.fullTitle(), reason: "it was skipped" }));
  run.on("end", done);
}
