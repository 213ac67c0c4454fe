import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { By, Key } from "selenium-webdriver";
import { look } from "./looks.js";
import {
  FORM,
  PANEL,
  asksBeforeLeaving,
  assertQuiet,
  calls,
  catchCopies,
  click,
  create,
  doubleClick,
  errorOf,
  fill,
  find,
  findAll,
  focused,
  gone,
  idle,
  open,
  openForm,
  putAway,
  revoke,
  run,
  secondClick,
  tabTo,
  submit,
  textOf,
  visible,
} from "./page.js";
import { PROJECT, TOKEN, clearDownloads, downloads, eventually, onlyDownload, rows, unzip, world } from "./world.js";

const posts = () => calls("POST");

describe("Create", () => {
  beforeEach(async () => {
    clearDownloads();
    await open();
  });

  it("saves the file: the bytes that the service sent, a whole ZIP, the secret of the row", async () => {
    const before = rows();
    await fill("description", "Billing, region 3 ☎");
    await create();
    assert.equal(posts().length, 1, "one request");
    assert.deepEqual(
      calls().map(({ method }) => method),
      ["GET", "POST", "GET"],
      "a look at the list before and after",
    );
    const [{ method, path, headers, body, answer }] = posts();
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
    assert.equal(
      hashes.filter((hash) => hash === added.sha256).length,
      1,
      "the row holds the hash of the file's secret",
    );

    const panel = await textOf(PANEL);
    assert.ok(panel.includes(saved.name), "the panel names the file");
    assert.ok(panel.includes(`${saved.bytes.length.toLocaleString("en")} bytes`), "the panel says its size");
    assert.ok(panel.includes(added.id), "the panel tells the new key's id");
    await click(".result .show");
    await eventually(async () => (await textOf(".result .secret")).includes("••"), "the masked key");
    await look("created", { all: true });
    await assertQuiet();
    await putAway();
  });

  it("sends no description when there is none", async () => {
    await create();
    assert.equal(posts()[0].body.toString(), "{}");
    await putAway();
  });

  it("saves the same bytes again, without another call", async () => {
    await create();
    const { body } = posts()[0].answer;
    assert.ok((await onlyDownload(body.length)).bytes.equals(body));
    // Browsers name a second file of one name differently, and some not at all.
    clearDownloads();
    await (await find(PANEL)).findElement(By.xpath(".//button[.='Save again']")).click();
    assert.ok((await onlyDownload(body.length)).bytes.equals(body));
    assert.equal(posts().length, 1);
    await putAway();
  });

  it("keeps each key's panel, and asks before leaving, until each is said to be saved", async () => {
    assert.equal(await asksBeforeLeaving(), false);
    await create();
    await create();
    assert.equal(await asksBeforeLeaving(), true);
    await (await find(".result .done")).click();
    assert.equal(await asksBeforeLeaving(), true);
    await putAway();
    assert.equal(await asksBeforeLeaving(), false);
  });

  it("makes one key for a double click", async () => {
    const before = rows().length;
    await openForm();
    await doubleClick(`${FORM} [type=submit]`);
    await visible(PANEL);
    await idle("create");
    assert.equal(rows().length, before + 1);
    await putAway();
    await openForm();
    assert.equal(
      await secondClick(`${FORM} [type=submit]`),
      false,
      "nor when the first call is over before the second click",
    );
    assert.deepEqual(await findAll(".task .busy"), []);
  });

  it("takes no orders from a key held down", async () => {
    await openForm();
    const taken = await run(
      "return document.querySelector('.create input').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', repeat: true, bubbles: true, cancelable: true }))",
    );
    assert.equal(taken, false);
  });

  it("offers the bytes of an answer that is no key file", async () => {
    const body = Buffer.from("PK\x03\x04 an answer that was cut off");
    world.recorder.answerNext({
      status: 200,
      headers: { "content-type": "application/zip", "x-request-id": "broken-1" },
      body,
    });
    await submit();
    const error = await errorOf("create");
    assert.match(error, /A key may exist/);
    assert.match(await textOf(`${FORM} .report`, { hidden: true }), /kind: unexpected_response/);
    assert.match(await textOf(".task .orphans"), /No new key is in the list yet/);
    assert.deepEqual(downloads(), [], "nothing is saved as if it were a key");
    assert.equal(await asksBeforeLeaving(), true);
    await look("create-broken");
    await (await find(PANEL)).findElement(By.xpath(".//button[.='Save these bytes']")).click();
    assert.ok((await onlyDownload(body.length)).bytes.equals(body));
    await putAway();
    await assertQuiet();
  });

  it("copies the key of credential.csv, shows it masked alone, and says where it goes", async () => {
    await fill("description", "To copy");
    await create();
    const saved = await onlyDownload(posts()[0].answer.body.length);
    const [head, row] = unzip(saved.path).table;
    const key = row[head.indexOf("api_key")];
    const copied = await catchCopies();
    await (await find(PANEL)).findElement(By.xpath(".//button[.='Copy key']")).click();
    assert.equal(await copied(), key);
    await click(".result .show");
    await eventually(
      async () => (await textOf(".result .secret")).includes(`${key.slice(0, 4)}••••••••${key.slice(-4)}`),
      "the masked key",
    );
    assert.match(await textOf(".result .secret"), /https:\/\/[^]*The key is part of that URL/);
    assert.equal(
      (await run("return document.documentElement.outerHTML")).includes(key),
      false,
      "the key itself is nowhere on the page",
    );
    await putAway();
  });

  it("compares a file on disk with the one that arrived", async () => {
    await create();
    const { path, bytes } = await onlyDownload(posts()[0].answer.body.length);
    const wrong = join(world.folder, "wrong.zip");
    writeFileSync(wrong, Buffer.concat([bytes.subarray(0, -1), Buffer.of(bytes.at(-1) ^ 1)]));
    const input = await find(".result input[type=file]");
    await input.sendKeys(wrong);
    await eventually(
      async () => (await textOf(".result .check")).includes("Not this key file"),
      "the other file told apart",
    );
    await input.sendKeys(path);
    await eventually(async () => (await textOf(".result .check")).includes("byte for byte"), "the same file known");
    await putAway();
  });

  it("warns of a description that is used already, and makes the key when asked again", async () => {
    await fill("description", "Twice");
    await create();
    await putAway();
    await fill("description", "twice");
    assert.match(await textOf(`${FORM} .field .careful`), /Another key has this description/);
    const before = rows().length;
    await submit();
    assert.match(await errorOf("create"), /Another key has this description[^]*no key was created/);
    assert.equal(rows().length, before);
    await look("create-namesake");
    await create();
    assert.equal(rows().length, before + 1);
    await putAway();
  });

  it("makes the key also where the token may not list, and knows its ID by its file", async () => {
    world.recorder.answerNext({ status: 403, headers: {}, body: Buffer.from("{}") }, "GET");
    await create();
    const id = await textOf(".result .key-id");
    assert.match(id, /this token may not list keys/);
    assert.ok(id.includes(rows().at(-1).id), id);
    assert.deepEqual(
      calls().map(({ method }) => method),
      ["GET", "POST"],
    );
    await putAway();
  });

  it("writes to a place that is chosen once the token is known to work", async function () {
    await openForm();
    if (world.name !== "chromium") {
      assert.deepEqual(await findAll(`${FORM} .choose`), [], "no save dialog, no button");
      return;
    }
    const stub = (body) =>
      run(
        `window.written = []; window.asked = []; window.showSaveFilePicker = async ({ suggestedName }) => { window.asked.push(suggestedName); ${body} }`,
      );
    await stub("throw new DOMException('gone', 'AbortError');");
    world.recorder.answerNext({ status: 401, headers: {}, body: Buffer.from("{}") }, "GET");
    await click(`${FORM} .choose`);
    assert.match(await errorOf("create"), /The token is expired/);
    assert.deepEqual(await run("return window.asked"), [], "no dialog, which empties the file that is chosen there");
    await idle("create");
    await click("#back");

    await click(`${FORM} .choose`);
    await eventually(async () => /No file was chosen/.test(await errorOf("create")), "no file chosen");
    assert.match(await errorOf("create"), /Nothing was sent, so no key was created/);
    assert.deepEqual(calls("POST"), []);
    await look("create-no-place");

    await stub("throw new DOMException('late', 'SecurityError');");
    await idle("create");
    await click(`${FORM} .choose`);
    await eventually(async () => /took too long/.test(await errorOf("create")), "the dialog came too late");
    await idle("create");
    const looks = calls("GET").length;
    await click(`${FORM} .choose`);
    await eventually(async () => (await run("return window.asked.length")) === 2, "the dialog asked for again");
    assert.equal(calls("GET").length, looks, "at once, without another look at the list");
    await idle("create");

    await stub(`
      return {
        name: 'chosen.zip',
        createWritable: async () => ({ write: async (file) => { window.written.push(file); }, close: async () => {} }),
        getFile: async () => window.written[0],
      };`);
    await fill("description", "Chosen: now");
    await click(`${FORM} .choose`);
    await visible(PANEL);
    await idle("create");
    const [name] = await run("return window.asked");
    assert.match(name, /^node-key-01234567-chosen-now-20\d\d-\d\d-\d\dT\d{6}\.zip$/);
    const bytes = await world.driver.executeAsyncScript(
      "const done = arguments[0]; window.written[0].arrayBuffer().then((buffer) => done([...new Uint8Array(buffer)]))",
    );
    assert.ok(Buffer.from(bytes).equals(posts()[0].answer.body), "the bytes written are the bytes sent");
    assert.match(await textOf(PANEL), /chosen\.zip/);
    assert.deepEqual(downloads(), [], "no download beside it");
    await putAway();

    clearDownloads();
    await stub("return { name: 'full.zip', createWritable: async () => { throw new Error('disk full'); } };");
    await openForm();
    await click(`${FORM} .choose`);
    await visible(PANEL);
    await eventually(
      async () => /could not be written \(disk full\)[^]*went to your downloads/.test(await textOf(PANEL)),
      "what became of the chosen file",
    );
    await idle("create");
    await onlyDownload(posts()[1].answer.body.length);
    await look("created-elsewhere");
    await putAway();

    await stub("return { name: 'mine.zip' };");
    await openForm();
    world.recorder.answerNext({ status: 429, headers: {}, body: Buffer.from("") });
    await click(`${FORM} .choose`);
    await eventually(
      async () => /“mine.zip”, may be empty now/.test(await errorOf("create")),
      "the emptied file named",
    );
  });

  it("is done with the keyboard alone", async () => {
    const keys = (...pressed) =>
      world.driver
        .actions()
        .sendKeys(...pressed)
        .perform();
    await world.driver.executeScript("document.activeElement.blur()");
    await tabTo("#new");
    await keys(Key.ENTER);
    await visible(FORM);
    await keys("by keyboard", Key.ENTER);
    await visible(PANEL);
    await idle("create");
    assert.equal(JSON.parse(posts()[0].body).description, "by keyboard");
    await tabTo(".result .done");
    await keys(Key.ENTER);
    await gone(PANEL);
    assert.equal(await asksBeforeLeaving(), false);
    assert.equal((await findAll(PANEL)).length, 0);
  });

  it("leaves the focus on a key's button when the list is drawn anew", async () => {
    await create("Listed before");
    await putAway();
    const made = world.recorder.hold("POST");
    await submit();
    await made.arrived;
    const list = world.recorder.hold("GET");
    made.release();
    await list.arrived;
    const { id } = rows().find(({ description }) => description === "Listed before");
    await run("arguments[0].focus()", await find(`#rows [data-id="${id}"] .revoke`));
    list.release();
    await eventually(async () => (await findAll("#rows .made")).length === 2, "the new key");
    assert.match(await focused(), /revoke/);
    assert.equal(await run("return document.activeElement.closest('.key').dataset.id"), id);
    await idle("create");
    await putAway();
  });

  it("keeps a log of what was created, saved and revoked, to copy, without a secret", async () => {
    await create("For the log");
    const { id } = rows().at(-1);
    await putAway();
    await click(`#rows [data-id="${id}"] .revoke`);
    await revoke(id);
    await visible("#confirm .panel.good");
    await idle("confirm");
    await click("#confirm-no");
    await click("#log summary");
    assert.match(await textOf("#log"), /gone when you reload/);
    const copied = await catchCopies();
    await click("#log .copy button");
    const lines = (await copied()).trim().split("\n");
    assert.equal(lines.length, 3);
    for (const [at, what] of ["created", "saved", "revoked"].entries())
      assert.match(lines[at], new RegExp(`^20\\d\\d-.*Z  ${what}  ${id}  For the log.*project ${PROJECT} at http`));
    await look("log");
  });

  it("calls a refused clipboard no success, and says what to do", async () => {
    await create("No clipboard");
    await run(
      "Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: async () => { throw new Error('Refused.'); } } })",
    );
    await (await find(PANEL)).findElement(By.xpath(".//button[.='Copy key']")).click();
    await eventually(
      async () => /Not copied: Refused\. Open the saved file instead\./.test(await textOf(".result .secret")),
      "what to do",
    );
    await click(".result .key-id .copy button");
    await eventually(
      async () => /Not copied\. It is selected/.test(await textOf(".result .key-id")),
      "the id selected",
    );
    assert.equal(await run("return getSelection().toString()"), rows().at(-1).id);
    await putAway();
  });
});
