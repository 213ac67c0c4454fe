import assert from "node:assert/strict";
import { Key } from "selenium-webdriver";
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
  gone,
  idle,
  open,
  press,
  putAway,
  revoke,
  run,
  tabTo,
  submit,
  textOf,
  visible,
} from "./page.js";
import { PROJECT, TOKEN, clearDownloads, eventually, onlyDownload, rows, world } from "./world.js";

const step = () => textOf(".task [aria-current]");
/** What can be pressed in the rotation. */
const orders = () =>
  run(
    "return [...document.querySelectorAll('.task button')].filter((it) => it.checkVisibility({ visibilityProperty: true })).map((it) => it.innerText)",
  );
const rotate = (id) => click(`#rows [data-id="${id}"] .rotate`);

describe("Rotate", () => {
  let old;
  let name;

  beforeEach(async () => {
    await open();
    name = `Rotated ${rows().length}`;
    await fill("description", name);
    await create();
    await putAway();
    old = rows().at(-1);
    clearDownloads();
    world.recorder.exchanges.length = 0;
  });

  it("makes the new key, has it saved and seen to work, and only then revokes the old one", async () => {
    const before = rows().length;
    await rotate(old.id);
    assert.equal(await step(), "Create the new key");
    assert.match(
      await (await find(`${FORM} [name=description]`)).getAttribute("value"),
      new RegExp(`^${name} \\(\\d{4}-\\d\\d-\\d\\d\\)$`),
    );
    await look("rotate-make");
    await create();
    assert.equal(await step(), "Save it");
    await onlyDownload(calls("POST")[0].answer.body.length);
    await look("rotate-save");
    assert.deepEqual(
      await orders(),
      ["Copy", "Copy key", "Show masked", "I have saved it", "Save again"],
      "nothing creates another key here",
    );
    await click(".result .done");
    assert.equal(await step(), "See it work");
    assert.deepEqual(await orders(), ["The new key works", "Refresh", "Stop here"]);
    assert.equal(rows().length, before + 1, "both keys are there");
    assert.match(await textOf(".task"), /New key last used[^]*Old key last used/);
    await look("rotate-check", { all: true });
    await click(".task .go");
    assert.equal(await step(), "Revoke the old key");
    await look("rotate-revoke");
    await click(".task .go");
    assert.ok((await textOf("#confirm")).includes(old.id), "the old one is asked about");
    await revoke(old.id);
    await visible("#confirm .panel.good");
    await idle("confirm");
    await click("#confirm-no");
    assert.match(await textOf(".task"), /The rotation is done[^]*is revoked, and the new key is in its place/);
    assert.equal(rows().length, before);
    assert.equal(
      rows().some(({ id }) => id === old.id),
      false,
    );
    await look("rotated");
    await click(".task .close");
    assert.deepEqual(await findAll(".task"), []);
    await assertQuiet();
  });

  it("can stop at each step, and says what is then the case", async () => {
    const stop = async () => {
      const [button] = await Promise.all(
        (await findAll(".task .stop")).map(async (it) => ((await it.isDisplayed()) ? it : undefined)),
      ).then((found) => found.filter(Boolean));
      await press(button);
    };
    const left = () => textOf(".task .now");
    await rotate(old.id);
    await stop();
    assert.match(await left(), /Nothing was changed/);
    assert.deepEqual(calls(), []);
    await look("rotate-stopped");
    await click(".task .close");

    await rotate(old.id);
    await create();
    await putAway();
    await stop();
    assert.match(await left(), new RegExp(`Both keys work[^]*revoke “${name}” in the list`));
    await click(".task .close");

    await rotate(old.id);
    await create();
    await putAway();
    await click(".task .go");
    await click(".task .go");
    await visible("#confirm");
    await click("#confirm-no");
    assert.equal(await step(), "Revoke the old key", "keeping the key is no loss of the guide");
    await stop();
    assert.match(await left(), new RegExp(`Both keys work[^]*revoke “${name}” in the list`));
    assert.equal(
      rows().some(({ id }) => id === old.id),
      true,
      "the old one is untouched",
    );
    assert.deepEqual(calls("DELETE"), []);
  });

  it("ends when the old key is revoked before there is a new one", async () => {
    await rotate(old.id);
    await click(`#rows [data-id="${old.id}"] .revoke`);
    await revoke(old.id);
    await visible("#confirm .panel.good");
    await idle("confirm");
    await click("#confirm-no");
    assert.match(await textOf(".task .now"), /nothing left to rotate/);
    assert.deepEqual(await findAll(FORM), []);
  });

  it("stays at its step when the new key can't be made", async () => {
    await rotate(old.id);
    world.recorder.answerNext({ status: 429, headers: {}, body: Buffer.from("") });
    await submit();
    assert.match(await errorOf("create"), /Too many calls/);
    await idle("create");
    assert.equal(await step(), "Create the new key");
    await create();
    assert.equal(await step(), "Save it");
    await putAway();
  });

  it("goes through a key's whole life by the keyboard alone", async () => {
    const keys = (...pressed) =>
      world.driver
        .actions()
        .sendKeys(...pressed)
        .perform();
    await tabTo(`#rows [data-id="${old.id}"] .rotate`);
    await keys(Key.ENTER);
    // The focus is in the description.
    await keys(Key.ENTER);
    await visible(PANEL);
    await idle("create");
    await tabTo(".result .done");
    await keys(Key.ENTER);
    await gone(PANEL);
    await tabTo(".task .go");
    await keys(Key.ENTER);
    await tabTo(".task .go");
    await keys(Key.ENTER);
    await visible("#confirm");
    await keys(old.id.slice(-6), Key.ENTER);
    await visible("#confirm .panel.good");
    await idle("confirm");
    await keys(Key.ENTER);
    await eventually(async () => !(await (await find("#confirm")).isDisplayed()), "the question closed");
    assert.equal(await run("return document.activeElement === document.body"), false, "the focus is kept");
    assert.equal(
      rows().some(({ id }) => id === old.id),
      false,
    );
  });

  it("keeps a rotation while another one begins, and proposes a name that no key has", async () => {
    await rotate(old.id);
    await create();
    await putAway();
    assert.equal(await step(), "See it work");
    const second = rows().at(-1);
    await click(`#rows [data-id="${second.id}"] .rotate`);
    assert.equal((await findAll(".task")).length, 2, "the first one is still there");
    const proposed = await (await find(`${FORM} [name=description]`)).getAttribute("value");
    assert.match(proposed, new RegExp(`^${name} \\(\\d{4}-\\d\\d-\\d\\d 2\\)$`), "on the day of the first one");
    await create();
    await putAway();
    assert.equal(rows().at(-1).description, proposed, "and it is not refused");
    await click(`#rows [data-id="${old.id}"] .rotate`);
    assert.equal((await findAll(".task")).length, 2, "a key has one rotation");
    await look("rotate-two");
  });

  /** Brings the rotation to the step at which the new key is seen to work; gives that key. */
  async function untilCheck() {
    await rotate(old.id);
    await create();
    await putAway();
    return rows().at(-1);
  }
  const left = () => textOf(".task .now");
  async function revokeInList(id) {
    await click(`#rows [data-id="${id}"] .revoke`);
    await revoke(id);
    await visible("#confirm .panel.good");
    await idle("confirm");
    await click("#confirm-no");
  }
  const revokeElsewhere = (id) =>
    fetch(`${world.service.url}/v1/${PROJECT}/node-provider/credentials/${id}`, {
      method: "DELETE",
      headers: { "x-auth-token": TOKEN },
    });
  async function refresh() {
    await click("#list [type=submit]");
    await idle("list");
  }

  it("offers the old key no longer once the new one is revoked", async () => {
    const { id } = await untilCheck();
    await revokeInList(id);
    assert.match(await left(), /The new key is revoked[^]*was kept/);
    assert.equal(await (await find(".task .go")).isDisplayed(), false);
    await look("rotate-new-gone");
  });

  it("ends with the old key that is revoked after it was stopped", async () => {
    await untilCheck();
    await click(".task .uses .stop");
    assert.match(await left(), /Both keys work/);
    await revokeInList(old.id);
    assert.match(await left(), /The rotation is done/);
  });

  it("says of each key when the list has it no longer", async () => {
    const { id } = await untilCheck();
    await revokeElsewhere(old.id);
    await refresh();
    assert.match(await left(), /The old key is not in the list/);
    assert.match(await textOf(".task .uses"), /Old key last used\s*Not in the list/);
    await revokeElsewhere(id);
    await refresh();
    assert.match(await left(), /The new key is not in the list: keep the old key/);
    assert.equal(await (await find(".task .go")).isDisplayed(), false);
  });

  it("does not say that nothing was changed when a key may have been created", async () => {
    await rotate(old.id);
    world.recorder.dropNext("POST");
    await submit();
    await errorOf("create");
    await idle("create");
    await click(`${FORM} .stop`);
    assert.doesNotMatch(await left(), /Nothing was changed/);
    assert.match(await left(), /A key may have been created/);
    assert.match(await textOf(".task .orphans"), new RegExp(rows().at(-1).id));
  });

  it("hides nothing in what it says of a key", async () => {
    const tricky = "pay\u202edap\u2800";
    const answer = { credentials: [{ ...listedOld(), description: tricky }], count: 1 };
    world.recorder.answerNext(
      { status: 200, headers: { "content-type": "application/json" }, body: Buffer.from(JSON.stringify(answer)) },
      "GET",
    );
    await refresh();
    await rotate(old.id);
    await click(`${FORM} .stop`);
    await click(".task .close");
    const label = await (await find(`#rows [data-id="${old.id}"] .revoke`)).getAttribute("aria-label");
    assert.match(label, /pay⟨U\+202E⟩dap⟨U\+2800⟩/);
    await rotate(old.id);
    await create();
    await putAway();
    await click(".task .uses .stop");
    assert.match(await left(), /pay⟨U\+202E⟩dap⟨U\+2800⟩/);
  });

  const listedOld = () => ({ id: old.id, create_time: new Date().toISOString(), update_time: "" });
});
