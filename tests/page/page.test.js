import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { look } from "./looks.js";
import {
  assertQuiet,
  calls,
  click,
  create,
  errorOf,
  fill,
  find,
  focused,
  idle,
  open,
  putAway,
  run,
  textOf,
  visible,
} from "./page.js";
import { PROJECT, REPOSITORY, TOKEN, world } from "./world.js";

const fieldValue = async (id) => (await find(`#${id}`)).getAttribute("value");

describe("The page", () => {
  it("takes token and project from the address and clears it", async () => {
    await open();
    assert.equal(await world.driver.getCurrentUrl(), `${world.recorder.url}/www/`);
    assert.equal(await fieldValue("token"), TOKEN);
    assert.equal(await fieldValue("projectId"), PROJECT);
    assert.equal(await fieldValue("endpoint"), world.recorder.url);
    assert.equal(await (await find("#token")).getAttribute("type"), "password");
    assert.deepEqual(await run("return window.shifts"), [], "nothing moves while the page loads");
    await look("start", { all: true });
    await assertQuiet();
  });

  it("takes them from an address typed later, too, and no endpoint from any", async () => {
    await open("");
    await run("location.hash = arguments[0]", "#token=later+token&endpoint=https://elsewhere.example");
    await visible("#page");
    assert.equal(await fieldValue("token"), "later+token");
    assert.equal(await fieldValue("endpoint"), world.recorder.url);
    assert.equal(await world.driver.getCurrentUrl(), `${world.recorder.url}/www/`);
  });

  it("keeps the token in memory alone", async () => {
    await open();
    await create();
    await putAway();
    const kept = await run("return [localStorage.length, sessionStorage.length, document.cookie]");
    assert.deepEqual(kept, [0, 0, ""]);
    await world.driver.navigate().refresh();
    await visible("#page");
    assert.equal(await fieldValue("token"), "");
  });

  it("shows and hides the token", async () => {
    await open();
    await click("#token-show");
    assert.equal(await (await find("#token")).getAttribute("type"), "text");
    assert.equal(await (await find("#token-show")).getAttribute("aria-pressed"), "true");
    await click("#token-show");
    assert.equal(await (await find("#token")).getAttribute("type"), "password");
  });

  it("says beside each field what is wrong with it, and sends nothing", async () => {
    await open();
    await fill("projectId", "too-short");
    await fill("token", "");
    await fill("description", "🗝".repeat(101));
    await click("#create [type=submit]");
    for (const id of ["projectId", "token", "description"]) {
      assert.notEqual(await textOf(`#${id}-error`), "", id);
      assert.equal(await (await find(`#${id}`)).getAttribute("aria-invalid"), "true");
    }
    assert.match(await textOf("#projectId-error"), /32/);
    assert.equal(await textOf("#description-count"), "101 of 100");
    assert.equal(await focused(), "projectId", "the first one has the focus");
    assert.match(await errorOf("create"), /No create was sent, so no key was made\./);
    assert.deepEqual(calls(), []);
    await look("wrong-fields", { all: true });
    await fill("projectId", PROJECT);
    assert.equal(await (await find("#projectId")).getAttribute("aria-invalid"), null);
    await assertQuiet();
  });

  it("says in words that the package is missing", async () => {
    await open("", { missing: "/pkg/" });
    assert.match(await (await visible("#notice")).getText(), /The client package is missing.*cargo xtask package/);
    await click("#create [type=submit]");
    assert.equal(await textOf("#create .progress"), "");
    await look("no-package");
    await assertQuiet(["/pkg/"]);
  });

  it("names every module in its HTML, so that none waits for another", async () => {
    await open();
    const named = await run(
      "return [...document.querySelectorAll('script[src], link[rel=modulepreload]')].map((element) => element.getAttribute('src') ?? element.getAttribute('href'))",
    );
    const modules = readdirSync(join(REPOSITORY, "www")).filter((name) => name.endsWith(".js"));
    assert.deepEqual(named.filter((name) => name !== "/probe.js").sort(), modules.sort());
  });

  it("loads the package's module once, and before the script that asks for it", async () => {
    await open();
    const [module, script] = ["/pkg/node_provider_keys.wasm", "/pkg/browser.js"];
    const { files } = world.recorder;
    const loads = files.filter((path) => path === module).length;
    // WebKitGTK takes no preload for what a script fetches: it loads it again, or kept it from before.
    if (world.name === "webkit") assert.ok(loads <= 2, files.join("\n"));
    else {
      assert.equal(loads, 1);
      assert.ok(files.indexOf(module) < files.indexOf(script), files.join("\n"));
    }
    await assertQuiet();
  });

  it("does not move when a call begins, nor while it runs, however narrow", async () => {
    await open();
    await world.browser.devTools?.("Emulation.setDeviceMetricsOverride", {
      width: 320,
      height: 640,
      deviceScaleFactor: 1,
      mobile: false,
    });
    const place = () =>
      run(
        "return [...document.querySelectorAll('.card, .card button')].map((element) => `${element.id || element.className} ${element.getBoundingClientRect().top + scrollY} ${element.offsetHeight}`)",
      );
    const before = await place();
    const slow = world.recorder.hold();
    await click("#create [type=submit]");
    await slow.arrived;
    assert.deepEqual(await place(), before);
    await visible("#create .clock:not(:empty)");
    assert.deepEqual(await place(), before);
    slow.release();
    await world.browser.devTools?.("Emulation.clearDeviceMetricsOverride", {});
    await visible("#keys .panel");
    await idle("create");
    await putAway();
  });
});
