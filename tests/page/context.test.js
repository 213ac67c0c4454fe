// The page is about one project at one endpoint: nothing is drawn, offered or revoked under another one.
import assert from "node:assert/strict";
import { look } from "./looks.js";
import {
  FORM,
  PANEL,
  assertQuiet,
  calls,
  click,
  connectTo,
  create,
  fill,
  find,
  findAll,
  gone,
  idle,
  listed,
  open,
  putAway,
  revoke,
  run,
  submit,
  textOf,
  visible,
} from "./page.js";
import { OTHER, PROJECT, TOKEN, clearDownloads, eventually, otherRows, rows, world } from "./world.js";

const shown = () => run("return [...document.querySelectorAll('#rows .key')].map((row) => row.dataset.id)");
const isShown = async (css) => {
  const [element] = await findAll(css);
  return Boolean(element) && (await element.isDisplayed());
};
const newest = () => rows().at(-1);

describe("One context", () => {
  beforeEach(async () => {
    clearDownloads();
    await open();
    await create(`Of the first ${rows().length}`);
    await putAway();
    world.recorder.exchanges.length = 0;
  });

  it("says everywhere which project it is about", async () => {
    assert.match(await textOf("#where"), new RegExp(`${PROJECT}[^]*${new URL(world.recorder.url).host}`));
    assert.match(await world.driver.getTitle(), new RegExp(PROJECT.slice(0, 8)));
    await create("Named");
    assert.ok((await textOf(".task")).includes(PROJECT), "the key's panel");
    await connectTo({ projectId: OTHER });
    assert.ok((await textOf("#where")).includes(OTHER));
    assert.match(await world.driver.getTitle(), new RegExp(OTHER.slice(0, 8)));
    assert.ok((await world.driver.getCurrentUrl()).endsWith(`#projectId=${OTHER}`));
    assert.ok((await textOf(".task")).includes(PROJECT), "the panel of the first project's key still says so");
    await look("elsewhere", { all: true });
    await putAway();
    await assertQuiet();
  });

  it("makes no key of a rotation in another project, and has no key revoked for one that is not there", async () => {
    const old = newest();
    const others = otherRows().length;
    await click(`#rows [data-id="${old.id}"] .rotate`);
    await connectTo({ projectId: OTHER });
    assert.equal(await isShown(FORM), false, "the rotation's form is not offered");
    assert.match(await textOf(".task"), /connected to another project/);
    await run("document.querySelector('.task .create').requestSubmit()");
    assert.deepEqual(calls("POST"), []);
    assert.equal(otherRows().length, others);

    await click(".task .away button");
    assert.equal(await (await find("#projectId")).getAttribute("value"), PROJECT);
    await click("#connection [type=submit]");
    await idle("connection");
    await submit();
    await visible(PANEL);
    await idle("create");
    assert.match(calls("POST")[0].path, new RegExp(PROJECT));
    await putAway();
    await connectTo({ projectId: OTHER });
    assert.equal(await isShown(".task .go"), false, "nor is its revocation");
    assert.deepEqual(calls("DELETE"), []);
    await assertQuiet();
  });

  it("draws no list under another project's name, not even one that comes late", async () => {
    await fill("filter", "");
    assert.notDeepEqual(await shown(), []);
    await click("#change");
    await fill("projectId", OTHER.slice(0, 31));
    assert.equal(await isShown("#keys"), false, "nothing is drawn while another project is typed");
    await fill("projectId", PROJECT);
    assert.equal(await isShown("#keys"), true, "and it is back with the first one");

    const slow = world.recorder.hold("GET");
    await click("#list [type=submit]");
    await slow.arrived;
    await connectTo({ projectId: OTHER });
    slow.release();
    await idle("list");
    assert.deepEqual(
      (await shown()).sort(),
      otherRows()
        .map(({ id }) => id)
        .sort(),
    );
    await assertQuiet();
  });

  it("draws no list after a create under the project that was typed meanwhile", async () => {
    await fill("description", "Under way");
    const slow = world.recorder.hold("POST");
    await submit();
    await slow.arrived;
    await click("#change");
    await fill("projectId", OTHER);
    slow.release();
    await idle("create");
    assert.equal(calls("GET").length, 2, "it looked for its key in the list");
    assert.deepEqual(await shown(), []);
    assert.equal(await isShown("#keys"), false);
    await fill("projectId", PROJECT);
    assert.ok((await shown()).includes(newest().id), "the list is there in its own project");
    await putAway();
    await assertQuiet();
  });

  it("offers and revokes an orphan in its own project only, and keeps its mark over a new token", async () => {
    const before = new Set(rows().map(({ id }) => id));
    await fill("description", "Left behind");
    const slow = world.recorder.hold("POST");
    world.recorder.dropNext("POST");
    await submit();
    await slow.arrived;
    world.recorder.dropAll("GET");
    slow.release();
    await eventually(async () => /could not be read either/.test(await textOf(".task .orphans")), "no list");
    await idle("create");
    const orphan = rows().find(({ id }) => !before.has(id));
    // The service is back, with a new token.
    world.recorder.reset();
    await connectTo({ token: `${TOKEN} ` });
    assert.match(await textOf(`#rows [data-id="${orphan.id}"]`), /Appeared since/, "the mark is kept");
    assert.match(await textOf(".task .orphans"), new RegExp(orphan.id), "and its task offers it");
    world.recorder.reset();
    await run("location.hash = arguments[0]", `#token=${encodeURIComponent(TOKEN)}&projectId=${PROJECT}`);
    await eventually(() => calls("GET").length > 0, "the list for the address");
    await idle("connection");
    assert.match(await textOf(`#rows [data-id="${orphan.id}"]`), /Appeared since/, "also over one of an address");

    await connectTo({ projectId: OTHER });
    assert.deepEqual(await findAll(".task .appeared .danger"), [], "it is offered under no other project");
    await connectTo({ projectId: PROJECT });
    assert.match(await textOf(`#rows [data-id="${orphan.id}"]`), /Appeared since/);
    await click(".task .appeared .danger");
    assert.ok((await textOf("#confirm")).includes(PROJECT));
    await revoke(orphan.id);
    await visible("#confirm .panel.good");
    await idle("confirm");
    assert.match(calls("DELETE")[0].path, new RegExp(`${PROJECT}/.*${orphan.id}`));
    await click("#confirm-no");
    assert.match(await textOf(".task .orphans"), /What appeared is revoked/);
  });

  it("closes the question about a key when the address names another project", async () => {
    const { id } = newest();
    await click(`#rows [data-id="${id}"] .revoke`);
    await visible("#confirm");
    await run("location.hash = arguments[0]", `#token=${encodeURIComponent(TOKEN)}&projectId=${OTHER}`);
    await eventually(async () => !(await isShown("#confirm")), "the question closed");
    await listed();
    assert.ok((await textOf("#where")).includes(OTHER));
    assert.deepEqual(calls("DELETE"), []);
    await assertQuiet();
  });
});

describe("A key and its file", () => {
  beforeEach(async () => {
    clearDownloads();
    await open();
  });

  it("tells two keys of one click apart by the file, and offers the other one to be revoked", async () => {
    const before = rows().length;
    world.recorder.repeatNext("POST");
    await create("Sent twice");
    assert.equal(rows().length, before + 2);
    const id = await textOf(".result .key-id code");
    const [orphan] = rows()
      .slice(before)
      .filter((row) => row.id !== id);
    assert.ok(rows().some((row) => row.id === id));
    assert.match(calls("POST")[0].answer.headers["content-disposition"], new RegExp(id), "its own by its file");
    assert.match(await textOf(".task .orphans"), new RegExp(`appeared at the same time[^]*${orphan.id}`));
    assert.deepEqual(await findAll(".result .panel.good"), [], "that is no success");
    assert.match(await textOf(`#rows [data-id="${id}"]`), /Created here/);
    assert.match(await textOf(`#rows [data-id="${orphan.id}"]`), /Appeared since/);
    await look("created-twice", { all: true });
    await click(".task .appeared .danger");
    await revoke(orphan.id);
    await visible("#confirm .panel.good");
    await idle("confirm");
    await click("#confirm-no");
    await gone(".task ul.appeared");
    assert.equal((await findAll(".result .panel.good")).length, 1);
    assert.deepEqual(
      rows()
        .slice(before)
        .map((row) => row.id),
      [id],
    );
    await putAway();
    await assertQuiet();
  });

  it("takes nobody else's key for its own, though it has the same description and is the only new one", async () => {
    const before = rows().length;
    await fill("description", "Made by two");
    const slow = world.recorder.hold("POST");
    await submit();
    await slow.arrived;
    const path = `/v1/${PROJECT}/node-provider/credentials`;
    const body = JSON.stringify({ description: "Made by two" });
    await (await ask(path, { method: "POST", body })).arrayBuffer();
    const [own, other] = rows().slice(before);
    const list = JSON.parse(await (await ask(`${path}?limit=1000`)).text());
    world.recorder.answerNext(
      listAnswer({ count: list.count - 1, credentials: list.credentials.filter(({ id }) => id !== own.id) }),
      "GET",
    );
    slow.release();
    await visible(PANEL);
    await idle("create");
    assert.equal(await textOf(".result .key-id code"), own.id);
    assert.doesNotMatch(await textOf(`#rows [data-id="${other.id}"]`), /Created here/);
    await putAway();
    await assertQuiet();
  });

  it("finds a key that the list shows late, in its panel and in its rotation", async () => {
    await create("Listed late");
    await putAway();
    const old = newest();
    const stale = calls("GET").at(-1).answer;
    await click(`#rows [data-id="${old.id}"] .rotate`);
    const slow = world.recorder.hold("POST");
    await submit();
    await slow.arrived;
    world.recorder.answerNext(stale, "GET");
    slow.release();
    await visible(PANEL);
    await idle("create");
    const made = newest();
    assert.match(await textOf(".result .key-id"), new RegExp(`${made.id}[^]*not in the list yet`));
    await click("#list [type=submit]");
    await idle("list");
    assert.doesNotMatch(await textOf(".result .key-id"), /not in the list/);
    assert.match(await textOf(`#rows [data-id="${made.id}"]`), /Created here/);
    await putAway();

    // The service says that the new key is used.
    const list = JSON.parse(await (await ask(`/v1/${PROJECT}/node-provider/credentials?limit=1000`)).text());
    for (const key of list.credentials) if (key.id === made.id) key.update_time = new Date().toISOString();
    world.recorder.answerNext(listAnswer(list), "GET");
    assert.match(await textOf(".uses"), /New key last used\s*No use known/);
    await click(".uses [type=submit]");
    await eventually(
      async () => /New key last used\s*(now|\d+ seconds? ago)/.test(await textOf(".uses")),
      "the new key's use",
    );
    await idle("create");
    await assertQuiet();
  });

  const ask = (path, given = {}) =>
    fetch(`${world.service.url}${path}`, {
      ...given,
      headers: { "x-auth-token": TOKEN, ...(given.body ? { "content-type": "application/json" } : {}) },
    });
  const listAnswer = (list) => ({
    status: 200,
    headers: { "content-type": "application/json" },
    body: Buffer.from(JSON.stringify(list)),
  });
});
