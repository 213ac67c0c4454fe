import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { By, Key } from "selenium-webdriver";
import { look } from "./looks.js";
import {
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
  gone,
  idle,
  open,
  putAway,
  run,
  secondClick,
  tabTo,
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

    const panel = await textOf("#keys .panel");
    assert.ok(panel.includes(saved.name), "the panel names the file");
    assert.ok(panel.includes(`${saved.bytes.length.toLocaleString("en")} bytes`), "the panel says its size");
    assert.ok(panel.includes(added.id), "the panel tells the new key's id");
    await click("#keys .show");
    await eventually(async () => (await textOf("#keys .secret")).includes("••"), "the masked key");
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
    await (await find("#keys .panel")).findElement(By.xpath(".//button[.='Save again']")).click();
    assert.ok((await onlyDownload(body.length)).bytes.equals(body));
    assert.equal(posts().length, 1);
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
    await doubleClick("#create [type=submit]");
    await visible("#keys .panel");
    await idle("create");
    assert.equal(rows().length, before + 1);
    assert.equal(
      await secondClick("#create [type=submit]"),
      false,
      "nor when the first call is over before the second click",
    );
    assert.equal(await run("return document.querySelector('#create').classList.contains('busy')"), false);
    await putAway();
  });

  it("takes no orders from a key held down", async () => {
    const taken = await run(
      "return document.querySelector('#description').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', repeat: true, bubbles: true, cancelable: true }))",
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
    await click("#create [type=submit]");
    const error = await errorOf("create");
    assert.match(error, /unexpected_response/);
    assert.match(error, /A key may exist/);
    assert.match(error, /No new key is in the list so far/);
    assert.deepEqual(downloads(), [], "nothing is saved as if it were a key");
    assert.equal(await asksBeforeLeaving(), true);
    await look("create-broken");
    await (await find("#keys .panel")).findElement(By.xpath(".//button[.='Save these bytes']")).click();
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
    await (await find("#keys .panel")).findElement(By.xpath(".//button[.='Copy key']")).click();
    assert.equal(await copied(), key);
    await click("#keys .show");
    await eventually(
      async () => (await textOf("#keys .secret")).includes(`${key.slice(0, 4)}••••••••${key.slice(-4)}`),
      "the masked key",
    );
    assert.match(await textOf("#keys .secret"), /https:\/\/[^]*The key is part of that URL/);
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
    const input = await find("#keys input[type=file]");
    await input.sendKeys(wrong);
    await eventually(
      async () => (await textOf("#keys .check")).includes("Not this key file"),
      "the other file told apart",
    );
    await input.sendKeys(path);
    await eventually(async () => (await textOf("#keys .check")).includes("byte for byte"), "the same file known");
    await putAway();
  });

  it("warns of a description that is used already, and makes the key when asked again", async () => {
    await fill("description", "Twice");
    await create();
    await putAway();
    await fill("description", "twice");
    assert.match(await textOf("#description-warning"), /Another key has this description/);
    const before = rows().length;
    await click("#create [type=submit]");
    assert.match(await errorOf("create"), /Nothing was made yet/);
    assert.equal(rows().length, before);
    await look("create-namesake");
    await create();
    assert.equal(rows().length, before + 1);
    await putAway();
  });

  it("makes the key also where the token may not list, and says that its id is not known", async () => {
    world.recorder.answerNext({ status: 403, headers: {}, body: Buffer.from("{}") }, "GET");
    await create();
    assert.match(await textOf("#keys .key-id"), /this token may not list keys/);
    assert.deepEqual(
      calls().map(({ method }) => method),
      ["GET", "POST"],
    );
    await putAway();
  });

  it("writes to a place that was chosen before anything was sent", async function () {
    if (world.name !== "chromium") {
      assert.equal(await (await find("#choose")).isDisplayed(), false, "no save dialog, no button");
      return;
    }
    const stub = (body) => run(`window.written = []; window.showSaveFilePicker = async () => { ${body} }`);
    await stub("throw new DOMException('gone', 'AbortError');");
    await click("#choose");
    assert.match(await errorOf("create"), /No file was chosen[^]*No create was sent/);
    assert.deepEqual(calls(), []);
    await look("create-no-place");

    await stub(`
      window.pickedBefore = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/v1/')).length;
      return {
        name: 'chosen.zip',
        createWritable: async () => ({ write: async (file) => { window.written.push(file); }, close: async () => {} }),
        getFile: async () => window.written[0],
      };`);
    await fill("description", "Chosen");
    await click("#choose");
    await visible("#keys .panel");
    await idle("create");
    const bytes = await world.driver.executeAsyncScript(
      "const done = arguments[0]; window.written[0].arrayBuffer().then((buffer) => done([...new Uint8Array(buffer)]))",
    );
    assert.ok(Buffer.from(bytes).equals(posts()[0].answer.body), "the bytes written are the bytes sent");
    assert.match(await textOf("#keys .panel"), /chosen\.zip/);
    assert.deepEqual(downloads(), [], "no download beside it");
    await putAway();

    clearDownloads();
    await stub("return { name: 'full.zip', createWritable: async () => { throw new Error('disk full'); } };");
    await click("#choose");
    await visible("#keys .panel");
    assert.match(await textOf("#keys .panel"), /could not be written \(disk full\)[^]*went to your downloads/);
    await idle("create");
    await onlyDownload(posts()[1].answer.body.length);
    await look("created-elsewhere");
    await putAway();
  });

  it("is done with the keyboard alone", async () => {
    const keys = (...pressed) =>
      world.driver
        .actions()
        .sendKeys(...pressed)
        .perform();
    await world.driver.executeScript("document.activeElement.blur()");
    await keys(Key.TAB, Key.ENTER);
    await tabTo("#description");
    await keys("by keyboard", Key.ENTER);
    await visible("#keys .panel");
    await idle("create");
    assert.equal(JSON.parse(posts()[0].body).description, "by keyboard");
    await tabTo("#keys .done");
    await keys(Key.ENTER);
    await gone("#keys .panel");
    assert.equal(await asksBeforeLeaving(), false);
    assert.equal((await findAll("#keys .panel")).length, 0);
  });
});
