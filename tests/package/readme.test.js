// The README's examples, run as they are printed.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { assert } from "chai";
import { By, until } from "selenium-webdriver";
import { project, run, subject } from "../support/consumer.js";
import { example as exampleOf } from "../support/examples.js";
import { PROJECT, TOKEN, environment, world } from "./world.js";

const LIMIT = 15_000;

const example = (language, words) => exampleOf(join(subject.package, "README.md"), language, words);

describe("The README's examples", () => {
  it("on Node: the first makes a key and stores its file, the second revokes it", async () => {
    const folder = project({
      "make-key.mjs": example("js", "The key is in"),
      "revoke-key.mjs": example("js", "The key is revoked"),
    });
    const before = readdirSync(folder);
    const node = (...args) => run(process.execPath, args, { cwd: folder, env: environment() });

    const made = await node("make-key.mjs");
    assert.equal(`${made.code} ${made.errors}`, "0 ");
    const [name, ...others] = readdirSync(folder).filter((it) => !before.includes(it));
    assert.isEmpty(others);
    assert.equal(made.output, `The key is in ${name}.\n`);
    assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, "nobody else may read it");

    const { readCredentials } = await import(`file://${join(subject.package, "node.js")}`);
    const [row] = await readCredentials(new Blob([readFileSync(join(folder, name))]));
    assert.equal(row.description, "For test");

    const revoked = await node("revoke-key.mjs", row.credential_id);
    assert.deepEqual(revoked, { code: 0, output: "The key is revoked.\n", errors: "" });
    const again = await node("revoke-key.mjs", row.credential_id);
    assert.equal(again.code, 1);
    assert.include(again.errors, "status 404");
  });

  it("on Node: with a wrong token the first says so and ends with 1", async () => {
    const folder = project({ "make-key.mjs": example("js", "The key is in") });
    const { code, output, errors } = await run(process.execPath, ["make-key.mjs"], {
      cwd: folder,
      env: { ...environment(), TOKEN: "wrong" },
    });
    assert.equal(`${code} ${output}`, "1 ");
    assert.match(
      errors,
      /^createApiKey was answered with status 401: .+; no key was created: get a new token and call again\.\n$/,
    );
  });

  it("the project's README prints the same ones", () => {
    const printed = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    for (const [language, words] of [
      ["js", "The key is in"],
      ["js", "Revoked it"],
      ["html", "createApiKey"],
    ])
      assert.include(printed, example(language, words));
  });

  async function submit(token) {
    const { driver } = world.browser;
    world.site.show(project({ "index.html": example("html", "createApiKey") }));
    await driver.get(world.site.url);
    // Typing the longest token would take minutes.
    await driver.executeScript("const [token] = arguments; document.forms[0].elements.token.value = token;", token);
    await driver.findElement(By.name("projectId")).sendKeys(PROJECT);
    await driver.findElement(By.css("button")).click();
    const output = await driver.findElement(By.css("output"));
    await driver.wait(until.elementTextMatches(output, /./), LIMIT);
    return output.getText();
  }

  it("in a browser: the page makes a key and its file is downloaded, byte for byte", async () => {
    const said = await submit(TOKEN);
    const [{ status, body }] = world.site.relayed;
    assert.equal(status, 200);
    const { downloads } = world.browser;
    const whole = () =>
      readdirSync(downloads)
        .map((name) => ({ name, bytes: readFileSync(join(downloads, name)) }))
        .find(({ bytes }) => bytes.equals(body));
    const { name } = await world.browser.driver.wait(whole, LIMIT, "the file was not downloaded whole");
    assert.equal(said, `Saved ${name}: keep it, it can be downloaded only once.`);
  });

  it("in a browser: with a wrong token the page says so", async () => {
    assert.match(await submit("wrong"), /^createApiKey was answered with status 401: /);
    assert.isTrue(await world.browser.driver.findElement(By.css("button")).isEnabled());
  });
});
