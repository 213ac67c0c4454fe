// The page in a browser's extension: its files beside the package, and a manifest.
import assert from "node:assert/strict";
import { cpSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openBrowser } from "../support/drivers.js";
import { example } from "../support/examples.js";
import { PANEL, click, create, fill, find, idle, loaded, open, putAway, run, textOf } from "./page.js";
import { PROJECT, REPOSITORY, TOKEN, downloads, eventually, rows, unzip, world } from "./world.js";

/** The manifest of the documentation, for the local service in place of the real one. */
const MANIFEST = {
  ...JSON.parse(example(join(REPOSITORY, "docs/extension.md"), "json")),
  host_permissions: ["http://127.0.0.1/*"],
};
const LOOKS =
  "return ['body', 'h1', 'button', 'input', 'code'].map((name) => { const { font, fontFamily, lineHeight } = getComputedStyle(document.querySelector(name)); return [name, font, fontFamily, lineHeight]; })";

// WebKitGTK has no extensions of this kind, and Firefox's driver opens none of their pages.
if (world.name === "chromium")
  describe("As a page of an extension", () => {
    let usual;
    let looks;

    before(async () => {
      await open("");
      looks = await run(LOOKS);
      const folder = join(world.folder, "extension");
      for (const part of ["www", "pkg"])
        cpSync(realpathSync(join(world.folder, part)), join(folder, part), { recursive: true });
      writeFileSync(join(folder, "manifest.json"), JSON.stringify(MANIFEST));
      usual = world.browser;
      world.browser = await openBrowser(world.name, { extension: folder });
      world.driver = world.browser.driver;
    });

    after(async () => {
      const { close } = world.browser;
      world.browser = usual;
      world.driver = usual.driver;
      await close();
    });

    const show = async (fragment) => {
      await world.driver.get("about:blank");
      await world.driver.get(`${world.browser.extension}/www/index.html${fragment}`);
      await loaded();
    };

    it("looks as elsewhere, and takes no address of the extension for the service's", async () => {
      await show("");
      assert.deepEqual(await run(LOOKS), looks, "the browser gives pages of extensions a font of its own");
      assert.equal(await (await find("#endpoint")).getAttribute("value"), "");
      await show(`#token=${encodeURIComponent(TOKEN)}&projectId=${PROJECT}`);
      await idle("connection");
      assert.match(await textOf("#endpoint-error"), /Endpoint/);
      assert.ok(await (await find("#connection")).isDisplayed());
    });

    it("lists, creates and saves, under the policy that the documentation gives", async () => {
      await show(`#token=${encodeURIComponent(TOKEN)}&projectId=${PROJECT}`);
      await idle("connection");
      await fill("endpoint", world.service.url);
      await click("#connection [type=submit]");
      await idle("connection");
      const before = rows().length;
      await create("From an extension");
      assert.equal(rows().length, before + 1);
      const made = rows().at(-1);
      assert.equal(made.description, "From an extension");
      assert.match(await textOf(PANEL), new RegExp(made.id));
      const whole = () => downloads().find(({ name, bytes }) => name.endsWith(".zip") && bytes.length > 0);
      const { path } = await eventually(whole, "the key file");
      assert.ok(unzip(path).names.includes("credential.csv"));
      await putAway();
    });
  });
