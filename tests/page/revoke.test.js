import assert from "node:assert/strict";
import { Key } from "selenium-webdriver";
import { look } from "./looks.js";
import {
  assertQuiet,
  calls,
  click,
  create,
  doubleClick,
  errorOf,
  fill,
  find,
  findAll,
  focused,
  idle,
  open,
  putAway,
  revoke,
  run,
  secondClick,
  textOf,
  visible,
} from "./page.js";
import { OTHER, PROJECT, TOKEN, eventually, rows, world } from "./world.js";

const newest = () => rows().at(-1);
const row = (id) => `#rows [data-id="${id}"]`;
const json = (body) => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: Buffer.from(JSON.stringify(body)),
});
const closed = () => eventually(async () => !(await (await find("#confirm")).isDisplayed()), "the question closed");

describe("Revoke", () => {
  beforeEach(async () => {
    await open();
    await fill("description", `To revoke ${rows().length}`);
    await create();
    await putAway();
    calls().length = 0;
    world.recorder.exchanges.length = 0;
  });

  it("names what it is about to break, wants the end of the id, and removes the row", async () => {
    const { id, description } = newest();
    await click(`${row(id)} .revoke`);
    const question = await textOf("#confirm");
    for (const shown of [id, description, PROJECT, world.recorder.url, "Created", "Last used"])
      assert.ok(question.includes(shown), shown);
    assert.equal(await focused(), "answer", "an Enter key held down answers nothing");
    await look("confirm", { all: true });
    await revoke(id, "000000");
    assert.match(await textOf("#answer-error"), /is not the key’s/);
    await look("confirm-wrong");
    await revoke(id);
    assert.match(
      await (await visible("#confirm .outcome .panel")).getText(),
      new RegExp(`The key is revoked[^]*${id}`),
    );
    assert.equal(
      rows().some((entry) => entry.id === id),
      false,
      "the row is gone",
    );
    assert.deepEqual(
      calls().map(({ method, path }) => `${method} ${path}`),
      [`DELETE /v1/${PROJECT}/node-provider/credentials/${id}`],
    );
    assert.deepEqual(await findAll(row(id)), [], "and so it is in the list");
    assert.equal(await focused(), "confirm-no");
    await look("revoked");
    await click("#confirm-no");
    await closed();
    await assertQuiet();
  });

  it("takes the description as an answer, and the keyboard alone", async () => {
    const { id, description } = newest();
    const keys = (...pressed) =>
      world.driver
        .actions()
        .sendKeys(...pressed)
        .perform();
    await (await find(`${row(id)} .revoke`)).sendKeys(Key.ENTER);
    await visible("#confirm");
    await keys(description, Key.ENTER);
    await visible("#confirm .panel.good");
    await idle("confirm");
    await keys(Key.ENTER);
    await closed();
    assert.equal(
      rows().some((entry) => entry.id === id),
      false,
    );
  });

  it("asks first, and a double click does not answer", async () => {
    const { id } = newest();
    await doubleClick(`${row(id)} .revoke`);
    await visible("#confirm");
    assert.notEqual(await focused(), "confirm-yes");
    assert.equal(await secondClick("#confirm-yes"), false);
    assert.equal(await (await find("#confirm")).isDisplayed(), true);
    await click("#confirm-yes");
    assert.match(await textOf("#answer-error"), /is not the key’s/);
    await world.driver.actions().sendKeys(Key.ESCAPE).perform();
    await closed();
    assert.deepEqual(calls(), []);
    assert.equal(newest().id, id);
  });

  it("revokes once for a double click on the answer", async () => {
    const { id } = newest();
    await click(`${row(id)} .revoke`);
    await fill("answer", id.slice(-6));
    await doubleClick("#confirm-yes");
    await visible("#confirm .outcome .panel.good");
    await idle("confirm");
    assert.equal(calls("DELETE").length, 1);
    await assertQuiet();
  });

  it("can be cancelled while the answer is slow, and the list then tells what became of it", async () => {
    const { id } = newest();
    const slow = world.recorder.hold("DELETE");
    await click(`${row(id)} .revoke`);
    await revoke(id);
    await slow.arrived;
    assert.equal(await textOf("#confirm .progress"), "Revoking the key…");
    await world.driver.actions().sendKeys(Key.ESCAPE).perform();
    assert.equal(await (await find("#confirm")).isDisplayed(), true, "Escape does not hide how it ends");
    await look("revoking");
    await click("#confirm .cancel");
    assert.match(await errorOf("confirm"), /is revoked: it is gone from the list/);
    slow.release();
    await idle("confirm");
  });

  it("says that the key is still there when the connection was cut before", async () => {
    const { id } = newest();
    // Three attempts, none of which the service hears of.
    world.recorder.answerNext({ status: 500, headers: {}, body: Buffer.from("") }, "DELETE");
    await click(`${row(id)} .revoke`);
    await revoke(id);
    assert.match(await errorOf("confirm"), /The service failed[^]*It is not certain[^]*It is still in the list/);
    assert.equal(newest().id, id);
    await eventually(
      () =>
        run(
          "const { top } = document.querySelector('#confirm .outcome').getBoundingClientRect(); return top >= 0 && top < innerHeight",
        ),
      "what became of it on the screen",
    );
    await look("revoke-unknown");
    await click("#confirm-yes");
    await visible("#confirm .panel.good");
    assert.equal(
      rows().some((entry) => entry.id === id),
      false,
      "the second attempt is one click away",
    );
    await assertQuiet(["500"]);
  });

  it("tells that there is no such key", async () => {
    const id = "00000000-0000-4000-8000-000000000000";
    await click("#by-id summary");
    await fill("credentialId", id);
    await click("#revoke [type=submit]");
    assert.match(await textOf("#confirm"), /the list does not have this key/);
    await revoke(id);
    const error = await errorOf("confirm");
    assert.match(error, /There is no such key/);
    const details = await textOf("#confirm .report", { hidden: true });
    assert.ok(details.includes(calls("DELETE")[0].answer.headers["x-request-id"]), "the request id");
    await look("revoke-missing");
    await assertQuiet(["404"]);
  });

  it("says what a wrong id lacks before it asks", async () => {
    await click("#by-id summary");
    await fill("credentialId", "../../etc");
    await click("#revoke [type=submit]");
    assert.match(await textOf("#credentialId-error"), /exactly 36/);
    assert.equal(await focused(), "credentialId");
    assert.equal(await (await find("#confirm")).isDisplayed(), false);
    assert.deepEqual(calls(), []);
  });

  it("warns of a key that was used lately, and says that there is no undo", async () => {
    const { id, description } = newest();
    const used = {
      credentials: [
        {
          id,
          description,
          create_time: new Date(Date.now() - 86_400_000).toISOString(),
          update_time: new Date(Date.now() - 180_000).toISOString(),
        },
      ],
      count: 1,
    };
    world.recorder.answerNext(
      { status: 200, headers: { "content-type": "application/json" }, body: Buffer.from(JSON.stringify(used)) },
      "GET",
    );
    await click("#list [type=submit]");
    await idle("list");
    await click(`${row(id)} .revoke`);
    assert.match(await textOf("#confirm"), /Used 3 minutes ago: something may still use this key[^]*There is no undo/);
    assert.match(await textOf("#confirm-title"), new RegExp(description));
    await look("confirm-used");
    await click("#confirm-no");
  });

  it("says of a listed key that the service does not have that it was gone already", async () => {
    const { id } = newest();
    await fetch(`${world.service.url}/v1/${PROJECT}/node-provider/credentials/${id}`, {
      method: "DELETE",
      headers: { "x-auth-token": TOKEN },
    });
    await click(`${row(id)} .revoke`);
    await revoke(id);
    assert.match(await errorOf("confirm"), /The key was gone already/);
    await idle("confirm");
    await look("revoke-gone");
    await click("#confirm-no");
    assert.deepEqual(await findAll(row(id)), []);
    assert.match(await textOf("#log-lines", { hidden: true }), new RegExp(`was gone already  ${id}`));
    await assertQuiet(["404"]);
  });

  it("takes no 404 of something on the way for the end of the key", async () => {
    const { id } = newest();
    const missing = { status: 404, headers: { "content-type": "text/html" }, body: Buffer.from("<h1>Not found</h1>") };
    world.recorder.answerNext(missing, "DELETE");
    await click(`${row(id)} .revoke`);
    await revoke(id);
    assert.match(
      await errorOf("confirm"),
      /There is nothing at this address[^]*Nothing was revoked[^]*It is still in the list/,
    );
    await idle("confirm");
    assert.equal((await findAll(row(id))).length, 1);
    world.recorder.answerNext(missing, "DELETE");
    world.recorder.dropAll("GET");
    await click("#confirm-yes");
    await idle("confirm");
    assert.match(await errorOf("confirm"), /It is not certain whether the key was revoked/);
    await click("#confirm-no");
    assert.equal((await findAll(row(id))).length, 1);
    assert.match(await textOf("#log-lines", { hidden: true }), new RegExp(`not certain whether revoked  ${id}`));
    assert.doesNotMatch(await textOf("#log-lines", { hidden: true }), new RegExp(`gone already  ${id}`));
  });

  it("does not call a key gone where the service lists only a part of the keys", async () => {
    const { id } = newest();
    const slow = world.recorder.hold("DELETE");
    world.recorder.answerNext({ status: 200, headers: {}, body: Buffer.from("") }, "DELETE");
    await click(`${row(id)} .revoke`);
    await revoke(id);
    await slow.arrived;
    world.recorder.answerNext(json({ credentials: [], count: 3000 }), "GET");
    await click("#confirm .cancel");
    assert.match(await errorOf("confirm"), /It is not certain whether the key was revoked/);
    slow.release();
    await idle("confirm");
  });

  it("shows no revoked key again that a list still had", async () => {
    const { id } = newest();
    const slow = world.recorder.hold("GET");
    await click("#list [type=submit]");
    await slow.arrived;
    await click(`${row(id)} .revoke`);
    await revoke(id);
    await visible("#confirm .panel.good");
    await idle("confirm");
    await click("#confirm-no");
    slow.release();
    await idle("list");
    assert.deepEqual(await findAll(row(id)), []);
  });

  it("forgets that a token was refused once it is not", async () => {
    const { id } = newest();
    world.recorder.answerNext({ status: 401, headers: {}, body: Buffer.from("{}") }, "DELETE");
    await click(`${row(id)} .revoke`);
    await revoke(id);
    assert.match(await errorOf("confirm"), /The token is expired/);
    await idle("confirm");
    await click("#confirm-yes");
    await visible("#confirm .panel.good");
    await idle("confirm");
    await click("#confirm-no");
    await closed();
    assert.equal(await textOf("#token-error", { hidden: true }), "");
  });

  it("closes a question that failed when the page has become about another project", async () => {
    const { id } = newest();
    const slow = world.recorder.hold("DELETE");
    world.recorder.answerNext({ status: 403, headers: {}, body: Buffer.from("{}") }, "DELETE");
    await click(`${row(id)} .revoke`);
    await revoke(id);
    await slow.arrived;
    await run("location.hash = arguments[0]", `#token=${encodeURIComponent(TOKEN)}&projectId=${OTHER}`);
    await eventually(async () => (await textOf("#where", { hidden: true })).includes(OTHER), "the other project");
    slow.release();
    assert.match(await errorOf("confirm"), /The token may not do this/);
    await idle("confirm");
    await click("#confirm-yes");
    await closed();
    await assertQuiet(["403"]);
  });

  it("speaks of no future where this computer's clock is behind", async () => {
    const { id, description } = newest();
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    world.recorder.answerNext(
      json({ credentials: [{ id, description, create_time: soon, update_time: soon }], count: 1 }),
      "GET",
    );
    await click("#list [type=submit]");
    await idle("list");
    await click(`${row(id)} .revoke`);
    assert.match(await textOf("#confirm-used"), /^Used now: something may still use this key/);
    await click("#confirm-no");
  });

  it("asks for a new token where the old one is refused", async () => {
    const { id } = newest();
    world.recorder.answerNext({ status: 401, headers: {}, body: Buffer.from("{}") }, "DELETE");
    await click(`${row(id)} .revoke`);
    await revoke(id);
    assert.match(await errorOf("confirm"), /The token is expired[^]*Nothing was revoked/);
    await idle("confirm");
    await click("#confirm-no");
    await closed();
    assert.equal(await focused(), "token");
    assert.match(await textOf("#token-error"), /paste a new one/);
  });
});
