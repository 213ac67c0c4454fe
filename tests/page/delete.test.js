import assert from "node:assert/strict";
import { Key } from "selenium-webdriver";
import { look } from "./looks.js";
import { assertQuiet, click, create, errorOf, fill, find, focused, gone, open, putAway, secondClick, textOf, visible } from "./page.js";
import { PROJECT, eventually, rows, world } from "./world.js";

const calls = () => world.recorder.exchanges;
const newest = () => rows().at(-1);
const closed = () => eventually(async () => !(await (await find("#confirm")).isDisplayed()), "the question closed");

describe("Delete", () => {
  beforeEach(async () => {
    await open();
    await create();
    await putAway();
    calls().length = 0;
  });

  it("removes the row", async () => {
    const { id } = newest();
    await fill("credentialId", id);
    await click("#delete [type=submit]");
    await visible("#confirm");
    const question = await textOf("#confirm");
    for (const shown of [id, PROJECT, world.recorder.url]) assert.ok(question.includes(shown), shown);
    assert.equal(await focused(), "confirm-no", "an Enter key held down keeps the key");
    await look("confirm");
    await click("#confirm-yes");
    assert.match(await (await visible("#delete .outcome .panel")).getText(), new RegExp(`The key is deleted[^]*${id}`));
    assert.equal(rows().some((row) => row.id === id), false, "the row is gone");
    assert.deepEqual(calls().map(({ method, path }) => `${method} ${path}`), [`DELETE /v1/${PROJECT}/node-provider/credentials/${id}`]);
    assert.equal(await (await find("#credentialId")).getAttribute("value"), "");
    await look("deleted");
    await assertQuiet();
  });

  it("asks first, and a double click on Delete does not answer", async () => {
    const { id } = newest();
    await fill("credentialId", id);
    await world.driver.actions().doubleClick(await find("#delete [type=submit]")).perform();
    await visible("#confirm");
    assert.notEqual(await focused(), "confirm-yes");
    assert.equal(await secondClick("#confirm-yes"), false);
    assert.equal(await (await find("#confirm")).isDisplayed(), true);
    await world.driver.actions().sendKeys(Key.ESCAPE).perform();
    await closed();
    assert.deepEqual(calls(), []);
    assert.equal(newest().id, id);
  });

  it("deletes once for a double click on the answer", async () => {
    await fill("credentialId", newest().id);
    await click("#delete [type=submit]");
    await world.driver.actions().doubleClick(await visible("#confirm-yes")).perform();
    await visible("#delete .outcome .panel.good");
    await gone("#delete.busy");
    assert.equal(calls().length, 1);
    await assertQuiet();
  });

  it("can be cancelled while the answer is slow", async () => {
    await fill("credentialId", newest().id);
    const slow = world.recorder.hold();
    await click("#delete [type=submit]");
    await click("#confirm-yes");
    await slow.arrived;
    assert.equal(await textOf("#delete .progress"), "Deleting the key…");
    await click("#delete .cancel");
    const error = await errorOf("delete");
    slow.release();
    assert.match(error, /Cancelled[^]*Nobody can tell from here whether the key was deleted/);
    await look("delete-cancelled");
  });

  it("tells that there is no such key", async () => {
    await fill("credentialId", "00000000-0000-4000-8000-000000000000");
    await click("#delete [type=submit]");
    await click("#confirm-yes");
    const error = await errorOf("delete");
    assert.match(error, /There is no such key/);
    assert.ok(error.includes(calls()[0].answer.headers["x-request-id"]), "the request id");
    await look("delete-missing");
    await assertQuiet(["404"]);
  });

  it("says what a wrong id lacks before it asks", async () => {
    await fill("credentialId", "../../etc");
    await click("#delete [type=submit]");
    assert.match(await textOf("#credentialId-error"), /exactly 36/);
    assert.equal(await focused(), "credentialId");
    assert.equal(await (await find("#confirm")).isDisplayed(), false);
    assert.deepEqual(calls(), []);
  });
});
