import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { look } from "./looks.js";
import {
  FORM,
  PANEL,
  assertQuiet,
  calls,
  click,
  create,
  errorOf,
  fill,
  find,
  findAll,
  focused,
  idle,
  listed,
  loaded,
  open,
  openForm,
  putAway,
  run,
  submit,
  textOf,
  visible,
} from "./page.js";
import { OTHER, PROJECT, REPOSITORY, TOKEN, eventually, renewBrowser, world } from "./world.js";

const fieldValue = async (id) => (await find(`#${id}`)).getAttribute("value");

describe("The page", () => {
  it("takes token and project from the address and clears it", async () => {
    await open();
    assert.equal(
      await world.driver.getCurrentUrl(),
      `${world.recorder.url}/www/#projectId=${PROJECT}`,
      "the project stays, for a reload",
    );
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
    await loaded();
    assert.equal(await fieldValue("token"), "later+token");
    assert.equal(await fieldValue("endpoint"), world.recorder.url);
    assert.equal(await world.driver.getCurrentUrl(), `${world.recorder.url}/www/`);
  });

  it("replaces a token that is typed or in use only when asked to", async () => {
    const brought = `#token=brought&projectId=${OTHER}`;
    const answer = async (ending) => {
      // The script would wait for the question, and so would this test.
      await run("setTimeout((hash) => { location.hash = hash; }, 0, arguments[0])", brought);
      const question = await eventually(
        () =>
          world.driver
            .switchTo()
            .alert()
            .catch(() => null),
        "the question",
      );
      assert.match(await question.getText(), /another token/);
      await question[ending]();
    };
    await open();
    await answer("dismiss");
    assert.equal(await fieldValue("token"), TOKEN);
    assert.equal(await fieldValue("projectId"), PROJECT);
    assert.equal(await world.driver.getCurrentUrl(), `${world.recorder.url}/www/#projectId=${PROJECT}`);
    assert.deepEqual(calls(), [], "nothing was sent");
    await open("");
    await fill("token", "typed");
    await answer("dismiss");
    assert.equal(await fieldValue("token"), "typed");
    assert.equal(await fieldValue("projectId"), "");
    assert.equal(await world.driver.getCurrentUrl(), `${world.recorder.url}/www/`);
    await answer("accept");
    assert.equal(await fieldValue("token"), "brought");
    assert.equal(await fieldValue("projectId"), OTHER);
  });

  it("keeps the token in memory alone", async () => {
    await open();
    await create();
    await putAway();
    const kept = await run("return [localStorage.length, sessionStorage.length, document.cookie]");
    assert.deepEqual(kept, [0, 0, ""]);
    await world.driver.navigate().refresh();
    await loaded();
    assert.equal(await fieldValue("token"), "");
    assert.equal(await fieldValue("projectId"), PROJECT);
    assert.equal(await (await find("#keys")).isDisplayed(), false, "nothing is listed without a token");
  });

  it("shows and hides the token", async () => {
    await open("");
    await click("#token-show");
    assert.equal(await (await find("#token")).getAttribute("type"), "text");
    assert.equal(await (await find("#token-show")).getAttribute("aria-pressed"), "true");
    await click("#token-show");
    assert.equal(await (await find("#token")).getAttribute("type"), "password");
  });

  it("says beside each field what is wrong with it, and sends nothing", async () => {
    await open("");
    await fill("projectId", "too-short");
    await click("#connection [type=submit]");
    assert.match(await errorOf("connection"), /Something in the form must be fixed[^]*Nothing was sent/);
    for (const id of ["projectId", "token"]) {
      assert.notEqual(await textOf(`#${id}-error`), "", id);
      assert.equal(await (await find(`#${id}`)).getAttribute("aria-invalid"), "true");
    }
    assert.match(await textOf("#projectId-error"), /32/);
    assert.equal(await focused(), "projectId", "the first one has the focus");
    assert.deepEqual(calls(), []);
    await look("wrong-fields", { all: true });
    await fill("projectId", PROJECT);
    assert.equal(await (await find("#projectId")).getAttribute("aria-invalid"), null);

    await open();
    await fill("description", "🗝".repeat(101));
    assert.equal(await textOf(`${FORM} .count`), "101 of 100");
    await submit();
    assert.match(await errorOf("create"), /Nothing was sent, so no key was created\./);
    assert.match(await textOf(`${FORM} .field-error`), /100/);
    assert.equal(await focused(), await run("return document.querySelector('.create input').id"));
    assert.deepEqual(calls("POST"), []);
    await look("wrong-description");
    await assertQuiet();
  });

  it("says in words that the package is missing", async () => {
    // WebKit keeps what an earlier page has preloaded.
    if (world.name === "webkit") await renewBrowser();
    await open("", { missing: "/pkg/" });
    assert.match(await (await visible("#notice")).getText(), /The client package is missing.*cargo xtask package/);
    await click("#connection [type=submit]");
    await idle("connection");
    await look("no-package");
    await assertQuiet(["/pkg/"]);
    // It keeps what is missing, too.
    if (world.name === "webkit") await renewBrowser();
  });

  it("has its words before any script, and raises no alarm while they load", async () => {
    world.recorder.reset();
    world.recorder.missing = "/www/main.js";
    await world.driver.get("about:blank");
    await world.driver.get(`${world.recorder.url}/www/`);
    const words = await textOf("main");
    assert.match(words, /Endpoint[^]*Project ID[^]*Token[^]*Loading…/);
    assert.deepEqual(await findAll("[role=alert]:not(:empty)"), []);
    assert.equal(await (await find("#connection [type=submit]")).isEnabled(), false, "no click is lost");
    if (world.name === "webkit") await renewBrowser();
  });

  it("names in its HTML every file that the first list needs, so that none waits for another", async () => {
    await open();
    const named = await run(
      "return [...document.querySelectorAll('script[src], link[rel=modulepreload]')].map(({ src, href }) => new URL(src || href).pathname)",
    );
    // What acts on a key loads beside the list, and the form for signing in when it is opened.
    const beside = ["task.js", "question.js", "create.js", "saved.js", "log.js"];
    const later = [...beside, "sign-in.js", "text-sign-in.js"];
    const own = readdirSync(join(REPOSITORY, "www")).filter((name) => name.endsWith(".js"));
    const paths = await run(
      "return performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)",
    );
    const scripts = paths.filter((path) => path.endsWith(".js") && path !== "/probe.js");
    const isIn = (names) => (path) => names.some((name) => path === `/www/${name}`);
    assert.equal(scripts.filter(isIn(beside)).length, beside.length);
    const first = new Set(scripts.filter((path) => !isIn(beside)(path)));
    assert.deepEqual(new Set(named.filter((name) => name !== "/probe.js")), first, "what is named is what is loaded");
    assert.deepEqual(
      [...first].filter((path) => path.startsWith("/www/")).sort(),
      own
        .filter((name) => !later.includes(name))
        .map((name) => `/www/${name}`)
        .sort(),
    );
    const last = named.findIndex((name) => name.startsWith("/pkg/"));
    assert.deepEqual(
      named.slice(last).filter((name) => name.startsWith("/www/")),
      [],
      "the package comes last",
    );
    const styles = (await findAll("link[rel=stylesheet]")).length;
    // A browser asks a server for six files at a time over HTTP/1.1: three rounds, with the module's file.
    assert.ok(first.size + styles + 1 <= 3 * 6, `${first.size} scripts, ${styles} styles and the module`);
    assert.ok(beside.length < 6, "the list and what loads beside it are one round");
  });

  it("lists also where what acts on a key did not load, and says so", async () => {
    await open();
    await create();
    await putAway();
    if (world.name === "webkit") await renewBrowser();
    world.recorder.reset();
    world.recorder.missing = "/www/task.js";
    await world.driver.get("about:blank");
    await world.driver.get(`${world.recorder.url}/#token=${encodeURIComponent(TOKEN)}&projectId=${PROJECT}`);
    await listed();
    await visible("#rows .key");
    assert.match(await (await visible("#notice")).getText(), /A part of this page could not be loaded. Reload it/);
    assert.deepEqual((await findAll("#revoke :disabled")).length, 1, "what cannot work is not offered");
    if (world.name === "webkit") await renewBrowser();
  });

  it("loads the package's module once, without waiting for the script that asks for it", async () => {
    await open();
    const module = "/pkg/node_provider_keys.wasm";
    const loads = world.recorder.files.filter((path) => path === module).length;
    // WebKitGTK takes no preload for what a script fetches: it loads it again, or kept it from before.
    if (world.name === "webkit") assert.ok(loads <= 2, world.recorder.files.join("\n"));
    else assert.equal(loads, 1);
    await assertQuiet();
  });

  it("does not move when a call begins, nor while it runs, however narrow", async () => {
    await open();
    await openForm();
    await world.browser.devTools?.("Emulation.setDeviceMetricsOverride", {
      width: 320,
      height: 640,
      deviceScaleFactor: 1,
      mobile: false,
    });
    const place = () =>
      run(
        "return [...document.querySelectorAll('.card, .card button')].filter((element) => element.getClientRects().length > 0).map((element) => `${element.id || element.className} ${element.getBoundingClientRect().top + scrollY} ${element.offsetHeight}`)",
      );
    const before = await place();
    const slow = world.recorder.hold();
    await submit();
    await slow.arrived;
    assert.deepEqual(await place(), before);
    await visible(`${FORM} .clock:not(:empty)`);
    assert.deepEqual(await place(), before);
    slow.release();
    await world.browser.devTools?.("Emulation.clearDeviceMetricsOverride", {});
    await visible(PANEL);
    await idle("create");
    await putAway();
  });
});
