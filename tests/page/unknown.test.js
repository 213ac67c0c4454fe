import assert from "node:assert/strict";
import { look } from "./looks.js";
import {
  FORM,
  PANEL,
  asksBeforeLeaving,
  assertQuiet,
  calls,
  click,
  errorOf,
  fill,
  find,
  findAll,
  focused,
  gone,
  idle,
  open,
  putAway,
  revoke,
  run,
  submit,
  textOf,
  visible,
} from "./page.js";
import { clearDownloads, downloads, eventually, rows, world } from "./world.js";

describe("A create of which nobody heard the end", () => {
  beforeEach(async () => {
    clearDownloads();
    await open();
  });

  it("lists again, marks the key that appeared, and revokes it", async () => {
    await fill("description", "Cut off");
    const before = rows().length;
    world.recorder.dropNext("POST");
    await submit();
    const error = await errorOf("create");
    assert.equal(rows().length, before + 1, "the service did make one");
    const { id } = rows().at(-1);
    assert.match(error, /It is not certain whether a key was created\./);
    assert.match(await textOf(".task .orphans"), new RegExp(`This key appeared[^]*Cut off[^]*${id}`));
    assert.match(await textOf(`#rows [data-id="${id}"]`), /Appeared since/);
    assert.deepEqual(downloads(), []);
    assert.equal(await (await find(`${FORM} [name=description]`)).getAttribute("value"), "Cut off", "the form is kept");
    await look("create-unknown", { all: true });
    await click(".task .appeared .danger");
    await revoke(id);
    await visible("#confirm .panel.good");
    await idle("confirm");
    await click("#confirm-no");
    await gone(".task ul.appeared");
    assert.match(await textOf(".task .orphans"), /What appeared is revoked/);
    assert.equal(rows().length, before);
    await assertQuiet(["ERR_EMPTY_RESPONSE"]);
  });

  it("shows progress, takes no second order, asks before leaving, and cancels while the answer is slow", async () => {
    await fill("description", "slow");
    const slow = world.recorder.hold();
    await submit();
    await slow.arrived;
    assert.equal(await textOf(`${FORM} .progress`), "Creating the key…");
    assert.equal(await asksBeforeLeaving(), true);
    await submit();
    await look("creating");
    await click(`${FORM} .cancel`);
    const error = await errorOf("create");
    slow.release();
    assert.match(error, /Cancelled/);
    await idle("create");
    assert.match(await textOf(".task .orphans"), /This key appeared/);
    assert.equal(calls("POST").length, 1, "one request");
    assert.equal(await asksBeforeLeaving(), false);
    assert.equal(await (await find(`${FORM} [name=description]`)).getAttribute("value"), "slow");
    await look("create-cancelled");
    await assertQuiet();
  });

  it("says when nothing appeared, and marks what appears later", async () => {
    world.recorder.answerNext({ status: 503, headers: {}, body: Buffer.from("") });
    await submit();
    const error = await errorOf("create");
    assert.match(error, /The service failed[^]*A key may exist whose file is lost/);
    assert.match(await textOf(".task .orphans"), /No new key is in the list yet/);
    assert.deepEqual(await findAll("#rows .appeared"), []);
    const { headers } = calls("POST")[0];
    // Somebody else's, or this one's after all.
    await fetch(`${world.service.url}${calls("POST")[0].path}`, {
      method: "POST",
      headers: { "x-auth-token": headers["x-auth-token"], "content-type": "application/json" },
      body: "{}",
    });
    await click("#list [type=submit]");
    await visible("#rows .appeared");
    assert.equal((await findAll("#rows .appeared")).length, 1);
    assert.match(await textOf(".task .orphans"), /This key appeared/, "and its task offers it");
    await look("appeared-late");
    await assertQuiet(["503"]);
  });

  it("does not offer an older key that a list of two parts had missed", async () => {
    const key = (n) => ({
      id: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
      description: `Key ${n}`,
      create_time: new Date(Date.now() - n * 86_400_000).toISOString(),
      update_time: "",
    });
    const list = (credentials, count) => ({
      status: 200,
      headers: { "content-type": "application/json" },
      body: Buffer.from(JSON.stringify({ credentials, count })),
    });
    const many = Array.from({ length: 1000 }, (_, n) => key(n + 1));
    const missed = key(500);
    // Someone revokes a key between the two calls, and so the second part begins one too late: here in the first.
    const before = many.filter(({ id }) => id !== missed.id);
    world.recorder.answerNext(list(before, 999), "GET");
    const slow = world.recorder.hold("POST");
    world.recorder.answerNext({ status: 503, headers: {}, body: Buffer.from("") }, "POST");
    await submit();
    await slow.arrived;
    world.recorder.answerNext(list([{ ...key(0), description: undefined }, ...many], 1001), "GET");
    slow.release();
    await errorOf("create");
    await idle("create");
    assert.match(await textOf(".task .orphans"), new RegExp(key(0).id), "the new one");
    assert.equal((await textOf(".task .orphans")).includes(missed.id), false, "but no key that was there before");
    await assertQuiet(["503"]);
  });

  it("keeps bytes that may be a key until they are saved, whatever is pressed", async () => {
    const broken = (words) =>
      world.recorder.answerNext({
        status: 200,
        headers: { "content-type": "application/zip" },
        body: Buffer.from(`PK\x03\x04 ${words}`),
      });
    broken("one");
    await submit();
    await errorOf("create");
    await idle("create");
    await click(`${FORM} .stop`);
    assert.equal((await findAll(PANEL)).length, 1, "the form does not close over them");
    broken("the second");
    await submit();
    await eventually(async () => (await findAll(PANEL)).length === 2, "both are kept");
    await idle("create");
    await submit();
    await eventually(async () => (await findAll(PANEL)).length === 3, "a key beside them");
    await putAway();
    assert.equal(await asksBeforeLeaving(), false);
  });

  it("says when the list cannot be read either", async () => {
    world.recorder.dropNext("POST");
    const slow = world.recorder.hold("POST");
    await submit();
    await slow.arrived;
    world.recorder.dropAll("GET");
    slow.release();
    assert.match(await errorOf("create"), /A key may exist/);
    assert.match(await textOf(".task .orphans"), /The list could not be read either/);
    assert.equal(
      await run("return document.activeElement === document.body"),
      false,
      `the focus is kept: ${await focused()}`,
    );
    await look("create-unknown-no-list");
  });
});
