import assert from "node:assert/strict";
import { look } from "./looks.js";
import {
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
  revoke,
  run,
  textOf,
  visible,
} from "./page.js";
import { clearDownloads, downloads, rows, world } from "./world.js";

describe("A create of which nobody heard the end", () => {
  beforeEach(async () => {
    clearDownloads();
    await open();
  });

  it("lists again, marks the key that appeared, and revokes it", async () => {
    await fill("description", "Cut off");
    const before = rows().length;
    world.recorder.dropNext("POST");
    await click("#create [type=submit]");
    const error = await errorOf("create");
    assert.equal(rows().length, before + 1, "the service did make one");
    const { id } = rows().at(-1);
    assert.match(error, /Nobody can tell from here whether a key was made\./);
    assert.match(error, new RegExp(`This key appeared:[^]*Cut off[^]*${id}`));
    assert.match(await textOf(`#rows [data-id="${id}"]`), /Appeared since/);
    assert.deepEqual(downloads(), []);
    assert.equal(await (await find("#description")).getAttribute("value"), "Cut off", "the form is kept");
    await look("create-unknown", { all: true });
    await click("#create .appeared .danger");
    await revoke(id);
    await visible("#confirm .panel.good");
    await idle("confirm-form");
    await click("#confirm-no");
    await gone("#create .appeared");
    assert.match(await textOf("#create .found"), /What appeared is revoked/);
    assert.equal(rows().length, before);
    await assertQuiet(["ERR_EMPTY_RESPONSE"]);
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
    assert.match(error, /Cancelled[^]*This key appeared/);
    assert.equal(calls("POST").length, 1, "one request");
    assert.equal(await asksBeforeLeaving(), false);
    assert.equal(await (await find("#description")).getAttribute("value"), "slow");
    await look("create-cancelled");
    await assertQuiet();
  });

  it("says when nothing appeared, and marks what appears later", async () => {
    world.recorder.answerNext({ status: 503, headers: {}, body: Buffer.from("") });
    await click("#create [type=submit]");
    const error = await errorOf("create");
    assert.match(
      error,
      /The service failed[^]*A key may exist whose file can't be had any more[^]*No new key is in the list so far/,
    );
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
    await look("appeared-late");
    await assertQuiet(["503"]);
  });

  it("says when the list can't be had either", async () => {
    world.recorder.dropNext("POST");
    const slow = world.recorder.hold("POST");
    await click("#create [type=submit]");
    await slow.arrived;
    world.recorder.dropAll("GET");
    slow.release();
    assert.match(await errorOf("create"), /A key may exist[^]*The list can't be had either/);
    assert.equal(
      await run("return document.activeElement === document.body"),
      false,
      `the focus is kept: ${await focused()}`,
    );
    await look("create-unknown-no-list");
  });
});
