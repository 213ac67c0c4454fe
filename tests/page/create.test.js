import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { By, Key } from "selenium-webdriver";
import { look } from "./looks.js";
import { asksBeforeLeaving, assertQuiet, click, create, errorOf, fill, find, findAll, gone, open, putAway, run, secondClick, textOf, visible } from "./page.js";
import { PROJECT, TOKEN, clearDownloads, downloads, eventually, onlyDownload, rows, unzip, world } from "./world.js";

const calls = () => world.recorder.exchanges;

describe("Create", () => {
  beforeEach(async () => {
    clearDownloads();
    await open();
  });

  it("saves the file: the bytes that the service sent, a whole ZIP, the secret of the row", async () => {
    const before = rows();
    await fill("description", "Billing, region 3 ☎");
    await create();
    assert.equal(calls().length, 1, "one request");
    const [{ method, path, headers, body, answer }] = calls();
    assert.equal(`${method} ${path}`, `POST /v1/${PROJECT}/node-provider/credentials`);
    assert.equal(headers["x-auth-token"], TOKEN);
    assert.deepEqual(JSON.parse(body), { description: "Billing, region 3 ☎" });

    const saved = await onlyDownload(answer.body.length);
    assert.ok(saved.bytes.equals(answer.body), "the bytes on disk are the bytes sent");
    const [added, ...more] = rows().filter(({ id }) => !before.some((row) => row.id === id));
    assert.deepEqual(more, [], "one new row");
    assert.equal(added.description, "Billing, region 3 ☎");
    const { names, table } = unzip(saved.path);
    assert.deepEqual(names, ["credential.csv"]);
    const hashes = table.flat().map((cell) => createHash("sha256").update(cell).digest("hex"));
    assert.equal(hashes.filter((hash) => hash === added.sha256).length, 1, "the row holds the hash of the file's secret");

    const panel = await textOf("#keys .panel");
    assert.ok(panel.includes(saved.name), "the panel names the file");
    assert.ok(panel.includes(`${saved.bytes.length.toLocaleString("en")} bytes`), "the panel says its size");
    await look("created");
    await assertQuiet();
    await putAway();
  });

  it("sends no description when there is none", async () => {
    await create();
    assert.equal(calls()[0].body.toString(), "{}");
    await putAway();
  });

  it("saves the same bytes again, without another call", async () => {
    await create();
    await onlyDownload(calls()[0].answer.body.length);
    await (await find("#keys .panel")).findElement(By.xpath(".//button[.='Save again']")).click();
    const both = await eventually(() => downloads().length === 2 && downloads().every(({ bytes }) => bytes.length > 0) && downloads(), "a second file");
    assert.ok(both.every(({ bytes }) => bytes.equals(calls()[0].answer.body)));
    assert.equal(calls().length, 1);
    await putAway();
  });

  it("keeps each key's panel, and asks before leaving, until each is said to be saved", async () => {
    assert.equal(await asksBeforeLeaving(), false);
    await create();
    await create();
    assert.equal(await asksBeforeLeaving(), true);
    await (await find("#keys .done")).click();
    assert.equal(await asksBeforeLeaving(), true);
    await putAway();
    assert.equal(await asksBeforeLeaving(), false);
  });

  it("makes one key for a double click", async () => {
    const before = rows().length;
    await world.driver.actions().doubleClick(await find("#create [type=submit]")).perform();
    await visible("#keys .panel");
    await gone("#create.busy");
    assert.equal(rows().length, before + 1);
    assert.equal(await secondClick("#create [type=submit]"), false, "nor when the first call is over before the second click");
    assert.equal(await run("return document.querySelector('#create').classList.contains('busy')"), false);
    await putAway();
  });

  it("takes no orders from a key held down", async () => {
    const taken = await run("return document.querySelector('#description').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', repeat: true, bubbles: true, cancelable: true }))");
    assert.equal(taken, false);
  });

  it("shows progress, takes no second order, asks before leaving, and cancels while the answer is slow", async () => {
    await fill("description", "slow");
    const slow = world.recorder.hold();
    await click("#create [type=submit]");
    await slow.arrived;
    assert.equal(await textOf("#create .progress"), "Creating the key…");
    assert.equal(await asksBeforeLeaving(), true);
    await click("#create [type=submit]");
    await look("creating");
    await click("#create .cancel");
    const error = await errorOf("create");
    slow.release();
    assert.match(error, /Cancelled/);
    assert.match(error, /A key may exist whose file can't be had any more.*“slow”/);
    assert.equal(calls().length, 1, "one request");
    assert.equal(await asksBeforeLeaving(), false);
    assert.equal(await (await find("#description")).getAttribute("value"), "slow");
    assert.equal(await world.driver.switchTo().activeElement().getText(), "Create key");
    await look("create-cancelled");
    await assertQuiet();
  });

  it("warns that a key may exist when the connection is cut after the service made one", async () => {
    const before = rows().length;
    world.recorder.dropNext();
    await click("#create [type=submit]");
    const error = await errorOf("create");
    assert.equal(rows().length, before + 1, "the service did make one");
    assert.match(error, /Nobody can tell from here whether a key was made\./);
    assert.match(error, /A key may exist whose file can't be had any more.*without a description/);
    await look("create-unknown");
    await assertQuiet(["ERR_EMPTY_RESPONSE"]);
  });

  it("offers the bytes of an answer that is no key file", async () => {
    const body = Buffer.from("PK\x03\x04 an answer that was cut off");
    world.recorder.answerNext({ status: 200, headers: { "content-type": "application/zip", "x-request-id": "broken-1" }, body });
    await click("#create [type=submit]");
    const error = await errorOf("create");
    assert.match(error, /unexpected_response/);
    assert.match(error, /A key may exist/);
    assert.deepEqual(downloads(), [], "nothing is saved as if it were a key");
    assert.equal(await asksBeforeLeaving(), true);
    await look("create-broken");
    await (await find("#keys .panel")).findElement(By.xpath(".//button[.='Save these bytes']")).click();
    assert.ok((await onlyDownload(body.length)).bytes.equals(body));
    await putAway();
    await assertQuiet();
  });

  it("is done with the keyboard alone", async () => {
    const keys = (...pressed) => world.driver.actions().sendKeys(...pressed).perform();
    await world.driver.executeScript("document.activeElement.blur()");
    await keys(Key.TAB, Key.ENTER, Key.TAB, "by keyboard", Key.ENTER);
    await visible("#keys .panel");
    assert.equal(JSON.parse(calls()[0].body).description, "by keyboard");
    // From the description: Create, then "I have saved it".
    await keys(Key.TAB, Key.TAB, Key.ENTER);
    await gone("#keys .panel");
    assert.equal(await asksBeforeLeaving(), false);
    assert.equal((await findAll("#keys .panel")).length, 0);
  });
});
