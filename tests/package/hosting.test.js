// Servers and policies that stand in the module's way: it still works, or the error says what to do.
import { join } from "node:path";
import { assert } from "chai";
import { project, subject } from "../support/consumer.js";
import { example } from "../support/examples.js";
import { cutShort, ofAnotherBuild, served } from "../support/modules.js";
import { PROJECT, TOKEN, world } from "./world.js";

const PAGE = {
  "index.html": `<!doctype html><meta charset="utf-8"><title>Hosting</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>`,
  "page.js": `
    import { createApiKey, deleteApiKey, readCredentials } from "/node_modules/node-provider-keys/browser.js";
    globalThis.makeAndRevoke = async (options) => {
      const file = await createApiKey({ ...options, description: "Hosted" });
      const [{ credential_id: credentialId, description }] = await readCredentials(file);
      await deleteApiKey({ ...options, credentialId });
      return { description };
    };`,
};
const isModule = (path) => path.endsWith(".wasm");
const isModuleInAnyForm = (path) => path.includes("wasm");
const onPages = (policy) => (path) => (path === "/" ? { headers: { "Content-Security-Policy": policy } } : {});
const onModule = (answer) => (path) => (isModule(path) ? answer : {});

describe("Where the page is hosted", () => {
  async function open(rule, page = PAGE) {
    world.site.show(project(page), rule);
    await world.browser.driver.get(world.site.url);
    await world.browser.driver.wait(
      () => world.browser.driver.executeScript("return typeof makeAndRevoke === 'function'"),
      15_000,
      "the page's script did not run",
    );
  }

  const makeAndRevoke = () =>
    world.browser.driver.executeAsyncScript(
      "const [options, done] = arguments; makeAndRevoke(options).then(done, ({ kind, outcome, message }) => done({ kind, outcome, message }));",
      { endpoint: "/nes", projectId: PROJECT, token: TOKEN },
    );

  const HTML = { headers: { "Content-Type": "text/html" }, body: "<!doctype html><title>Home</title>" };
  const policy = (connect) => `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src ${connect}`;
  for (const [what, rule] of [
    ["the module comes as text/plain", () => onModule({ headers: { "Content-Type": "text/plain" } })],
    [
      "the module comes as a download",
      () => onModule({ headers: { "Content-Type": "application/octet-stream", "Content-Disposition": "attachment" } }),
    ],
    ["the module is not found", () => onModule({ ...HTML, status: 404 })],
    ["the home page comes for every path that is not found", () => onModule(HTML)],
    ["the server is down for the module", () => onModule({ status: 503, body: "Later." })],
    ["the module is of another build", () => served(ofAnotherBuild())],
    ["the module is cut short", () => served(cutShort())],
    ["the policy allows WebAssembly", () => onPages(policy("'self'"))],
    ["the policy lets the page fetch from the relay alone", () => onPages(policy(`${world.site.url}/nes/`))],
  ]) {
    it(`${what}: it works`, async () => {
      await open(rule());
      assert.deepEqual(await makeAndRevoke(), { description: "Hosted" });
    });
  }

  it("the page names the module as the README says: it comes once, and does not wait for the script", async () => {
    const link = example(join(subject.package, "README.md"), "html", "preload");
    const console = () => world.browser.driver.manage().logs().get("browser");
    // What an earlier test left there is not this one's.
    await console();
    const requested = [];
    const page = { ...PAGE, "index.html": PAGE["index.html"].replace("<title>", () => `${link}<title>`) };
    await open((path) => {
      requested.push(path.split("/").at(-1));
      return {};
    }, page);
    assert.deepEqual(await makeAndRevoke(), { description: "Hosted" });
    assert.lengthOf(requested.filter(isModule), 1);
    assert.isBelow(requested.findIndex(isModule), requested.indexOf("browser.js"));
    assert.deepEqual(
      (await console()).map(({ message }) => message),
      [],
    );
  });

  it("the policy forbids WebAssembly: the error says what to add, and nothing is sent", async () => {
    await open(onPages("script-src 'self'"));
    const { kind, outcome, message } = await makeAndRevoke();
    assert.deepEqual({ kind, outcome }, { kind: "internal", outcome: "not_sent" });
    assert.equal(
      message,
      "createApiKey may not run WebAssembly here; nothing was sent: add 'wasm-unsafe-eval' to script-src of the Content-Security-Policy.",
    );
    assert.isEmpty(world.site.relayed);
  });

  it("the module arrives in no form: the error says what to look at, and the next call tries again", async () => {
    let isDown = true;
    await open((path) => (isDown && isModuleInAnyForm(path) ? { status: 503, body: "Later." } : {}));
    const { kind, outcome, message } = await makeAndRevoke();
    assert.deepEqual({ kind, outcome }, { kind: "internal", outcome: "not_sent" });
    assert.equal(
      message,
      "createApiKey could not load its WebAssembly module (it was answered with status 503); nothing was sent: check that node_provider_keys.wasm is served beside the script, or pass it to init().",
    );
    assert.isEmpty(world.site.relayed);
    isDown = false;
    assert.deepEqual(await makeAndRevoke(), { description: "Hosted" });
  });
});
