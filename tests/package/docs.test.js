// The examples of docs/, run as they are printed; those of workers, Next and nginx run where these are installed.
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { assert } from "chai";
import { By, until } from "selenium-webdriver";
import { REPOSITORY, project, run } from "../support/consumer.js";
import { example as exampleOf } from "../support/examples.js";
import { start } from "../support/processes.js";
import { itRelays } from "../support/relay.js";
import { startService } from "../support/service.js";
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

describe("The programs that sign in", () => {
  const first = exampleOf(join(REPOSITORY, "pkg-template/README.md"), "js", "Revoked it");
  const PASSWORD = "correct horse battery staple";
  let folder;
  let service;
  let environment;

  before(async () => {
    folder = project({
      "try-key.mjs": first,
      "rotate-key.mjs": example("tokens.md", "js"),
      "count-keys.mjs": example("our-relay.md", "js"),
      password: `${PASSWORD}\n`,
    });
    service = await startService({
      binary: world.binary,
      data: join(folder, "keys.sqlite"),
      token: TOKEN,
      projectId: PROJECT,
      args: ["--account", "acme", "--user", "alice", "--project", `ap-southeast-3=${PROJECT}`],
      env: { NODE_PROVIDER_PASSWORD: PASSWORD },
    });
    environment = {
      IAM_ENDPOINT: service.url,
      ENDPOINT: service.url,
      ACCOUNT: "acme",
      IAM_USER: "alice",
      PASSWORD,
      PASSWORD_FILE: join(folder, "password"),
      PROJECT: "ap-southeast-3",
      KEY_FILE: join(folder, "key.zip"),
    };
  });
  after(() => service?.stop());

  const node = (name, more) => run(process.execPath, [name], { cwd: folder, env: { ...environment, ...more } });
  const count = async () =>
    (await keys().listApiKeys({ endpoint: service.url, projectId: PROJECT, token: TOKEN })).count;

  it("make a key and revoke it, in fewer than 25 lines", async () => {
    assert.isBelow(first.trim().split("\n").length, 25);
    const { code, output, errors } = await node("try-key.mjs");
    assert.equal(`${code} ${errors}`, "0 ");
    assert.match(output, /^Made [\w-]{36}\.\nRevoked it\.\n$/);
    assert.equal(await count(), 0);
  });

  it("rotate a key, from the first run on, and leave one", async () => {
    const made = [];
    for (let time = 0; time < 3; time += 1) {
      const { code, output, errors } = await node("rotate-key.mjs");
      assert.equal(`${code} ${errors}`, "0 ");
      const [, id] = /^The key is ([\w-]{36}): let/m.exec(output);
      assert.equal(output.includes("Revoked"), time > 0);
      if (time > 0) assert.include(output, `Revoked ${made.at(-1)}.`);
      made.push(id);
      assert.equal(await count(), 1);
      const [row] = await keys().readCredentials(new Blob([readFileSync(environment.KEY_FILE)]));
      assert.equal(row.credential_id, id);
      assert.equal(statSync(environment.KEY_FILE).mode & 0o777, 0o600);
    }
  });

  it("rotate on from any step at which a run stopped", async () => {
    const { KEY_FILE } = environment;
    for (const [stopped, left] of [
      [() => renameSync(KEY_FILE, `${KEY_FILE}.new`), "a new key that was not swapped in"],
      [() => renameSync(KEY_FILE, `${KEY_FILE}.old`), "an old key that was swapped out"],
    ]) {
      stopped();
      const { code, errors } = await node("rotate-key.mjs");
      assert.equal(`${code} ${errors}`, "0 ", left);
      assert.equal(await count(), 1, left);
      assert.isFalse(existsSync(`${KEY_FILE}.new`) || existsSync(`${KEY_FILE}.old`), left);
    }
  });

  it("sign in and count keys through this project's relay", async () => {
    const relay = await start(
      world.binary,
      ["--listen", "127.0.0.1:0", "--upstream", service.url, "--upstream-iam", service.url],
      { ready: /^listening on (http:\/\/\S+)\s*$/m },
    );
    try {
      const { code, output, errors } = await node("count-keys.mjs", { RELAY: relay.match[1] });
      assert.equal(`${code} ${errors}`, "0 ");
      assert.equal(output, `${await count()} keys in ${PROJECT}.\n`);
    } finally {
      await relay.stop();
    }
  });

  it("say what is wrong with the password, and make nothing", async () => {
    const before = await count();
    for (const name of ["try-key.mjs", "rotate-key.mjs"]) {
      writeFileSync(join(folder, "password"), "wrong password");
      const { code, errors } = await node(name, { PASSWORD: "wrong password" });
      assert.equal(code, 1);
      assert.match(errors, /signIn was answered with status 401.*check account, user, password/s);
      assert.notInclude(errors, "wrong password");
    }
    assert.equal(await count(), before);
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
