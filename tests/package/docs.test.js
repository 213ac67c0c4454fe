// The examples of docs/, run as they are printed; those of workers, Next and nginx run where these are installed.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { assert } from "chai";
import { By, until } from "selenium-webdriver";
import { REPOSITORY, project, run } from "../support/consumer.js";
import { example as exampleOf } from "../support/examples.js";
import { start } from "../support/processes.js";
import { itRelays } from "../support/relay.js";
import { PROJECT, TOKEN, environment, world } from "./world.js";

const LIMIT = 15_000;
const example = (page, language, words) => exampleOf(join(REPOSITORY, "docs", page), language, words);
const keys = () => createRequire(join(project(), "index.js"))("node-provider-keys");
const request = () => ({ endpoint: world.service.url, projectId: PROJECT, token: TOKEN });
const ids = async (description) =>
  (await keys().listApiKeys({ ...request(), limit: 1000 })).keys
    .filter((key) => key.description === description)
    .map(({ id }) => id);

describe("The examples of docs/node.md", () => {
  it("revoke all keys of a description, and no other", async () => {
    for (const description of ["Old", "Old", "New"]) await keys().createApiKey({ ...request(), description });
    const [old, [kept]] = [await ids("Old"), await ids("New")];
    assert.lengthOf(old, 2);
    const folder = project({ "revoke-all.mjs": example("node.md", "js", "listApiKeys") });
    const { code, output, errors } = await run(process.execPath, ["revoke-all.mjs", "Old"], {
      cwd: folder,
      env: environment(),
    });
    assert.equal(`${code} ${errors}`, "0 ");
    assert.sameMembers(
      output.trim().split("\n"),
      old.map((id) => `Revoked ${id}.`),
    );
    assert.deepEqual([await ids("Old"), await ids("New")], [[], [kept]]);
  });

  it("make a key in CommonJS", async () => {
    const folder = project({ "make-key.cjs": example("node.md", "js", "createApiKey") });
    const { code, output, errors } = await run(process.execPath, ["make-key.cjs"], { cwd: folder, env: environment() });
    assert.equal(`${code} ${errors}`, "0 ");
    const rows = await keys().readCredentials(new Blob([readFileSync(join(folder, output.trim()))]));
    assert.lengthOf(rows, 1);
  });
});

describe("The examples of docs/migrating.md", () => {
  for (const [name, words] of [
    ["before.mjs", "await fetch("],
    ["after.mjs", "createApiKey"],
  ]) {
    it(`${name} saves a key`, async () => {
      const folder = project({ [name]: example("migrating.md", "js", words) });
      const { code, errors } = await run(process.execPath, ["--max-http-header-size=131072", name], {
        cwd: folder,
        env: environment(),
      });
      assert.equal(`${code} ${errors}`, "0 ");
      assert.lengthOf(await keys().readCredentials(new Blob([readFileSync(join(folder, "key.zip"))])), 1);
    });
  }
});

describe("The page of docs/browser.md", () => {
  it("lists the keys", async () => {
    await keys().createApiKey({ ...request(), description: "Listed in a page" });
    const [id] = await ids("Listed in a page");
    const { driver } = world.browser;
    world.site.show(project({ "index.html": example("browser.md", "html") }));
    await driver.get(world.site.url);
    await driver.executeScript("const [token] = arguments; document.forms[0].elements.token.value = token;", TOKEN);
    await driver.findElement(By.name("projectId")).sendKeys(PROJECT);
    await driver.findElement(By.css("button")).click();
    await driver.wait(until.elementTextContains(driver.findElement(By.css("output")), `${id} Listed in a page`), LIMIT);
  });
});

describe("The policy of docs/csp.md", () => {
  it("lets the package work", async () => {
    const [name, policy] = example("csp.md", "http").trim().split(": ");
    const folder = project();
    writeFileSync(
      join(folder, "index.html"),
      `<!doctype html><title>Policy</title><script type="module" src="/page.js"></script>`,
    );
    writeFileSync(
      join(folder, "page.js"),
      `import * as keys from "/node_modules/node-provider-keys/browser.js"; globalThis.keys = keys;`,
    );
    world.site.show(folder, (path) => (path === "/" ? { headers: { [name]: policy } } : {}));
    const { driver } = world.browser;
    await driver.get(world.site.url);
    await driver.wait(
      () => driver.executeScript("return typeof keys === 'object'"),
      LIMIT,
      "the page's script did not run",
    );
    const answer = await driver.executeAsyncScript(
      "const [request, done] = arguments; keys.createApiKey(request).then((file) => { keys.saveFile(file); done(file.type); }, (error) => done(error.message));",
      { ...request(), endpoint: "/nes" },
    );
    assert.equal(answer, "application/zip");
  });
});

describe("The relay on Node of docs/your-relay.md", () => {
  itRelays(
    async (upstream) => {
      const folder = project({ "relay.mjs": example("your-relay.md", "js") });
      const { match, stop } = await start(process.execPath, ["relay.mjs"], {
        cwd: folder,
        env: { UPSTREAM: upstream, PORT: "0" },
        ready: /^relaying on (\d+)$/m,
      });
      return { url: `http://127.0.0.1:${match[1]}`, stop };
    },
    () => ({ service: world.service.url, projectId: PROJECT, token: TOKEN, keys: keys() }),
  );
});
