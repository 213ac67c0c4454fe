import assert from "node:assert/strict";
import { find, listed, loaded, run, textOf, visible } from "./page.js";
import { PROJECT, TOKEN, eventually, startDemo, world } from "./world.js";

const CODE = "0123456789abcdef0123456789abcdef";

describe("The demo's address", () => {
  let demo;

  beforeEach(async () => {
    demo = await startDemo(CODE);
  });

  afterEach(async () => {
    await world.driver.get("about:blank");
    await demo.stop();
  });

  const open = async () => {
    await world.driver.get("about:blank");
    await world.driver.get(`${demo.url}/#code=${CODE}`);
    await loaded();
  };

  it("opens the page ready to use, and holds nothing from then on", async () => {
    await open();
    await listed();
    assert.ok(await (await find("#keys")).isDisplayed());
    assert.equal(await (await find("#projectId")).getAttribute("value"), PROJECT);
    const token = await (await find("#token")).getAttribute("value");
    assert.match(token, /^[0-9a-f]{64}$/);
    assert.notEqual(token, TOKEN);
    const address = await world.driver.getCurrentUrl();
    assert.equal(address, `${demo.url}/www/#projectId=${PROJECT}`);
    assert.deepEqual(await run("return [localStorage.length, sessionStorage.length, document.cookie]"), [0, 0, ""]);
  });

  it("opens nothing a second time, and says what to do", async () => {
    await open();
    await listed();
    await open();
    assert.match(await (await visible("#notice")).getText(), /no longer opens the demo.*Start the demo again/);
    assert.equal(await (await find("#token")).getAttribute("value"), "");
    assert.equal(await world.driver.getCurrentUrl(), `${demo.url}/www/`);
    assert.equal(await (await find("#keys")).isDisplayed(), false);
  });

  it("takes the code out of the address before it is swapped", async () => {
    // The swap's answer is held back by a request that never gets one.
    await world.driver.get("about:blank");
    await world.driver.get(`${demo.url}/`);
    await loaded();
    await run("window.fetch = (...sent) => { window.sent = sent; return new Promise(() => {}); }");
    await run("location.hash = arguments[0]", `#code=${CODE}`);
    await eventually(() => run("return window.sent !== undefined"), "the swap");
    assert.equal(await world.driver.getCurrentUrl(), `${demo.url}/www/`);
    const [path, { body, headers }] = await run("return window.sent");
    assert.deepEqual([path, body], ["/demo/session", JSON.stringify({ code: CODE })]);
    assert.deepEqual(headers, { "Content-Type": "application/json" });
    assert.equal(await textOf("#notice"), "");
  });
});
