// A key is known by its file: which key came with which file, also where the list is late.
import assert from "node:assert/strict";
import { look } from "./looks.js";
import {
  PANEL,
  assertQuiet,
  calls,
  click,
  create,
  fill,
  findAll,
  gone,
  idle,
  open,
  openForm,
  putAway,
  revoke,
  secondClick,
  submit,
  textOf,
  visible,
} from "./page.js";
import { PROJECT, TOKEN, clearDownloads, eventually, rows, world } from "./world.js";

const newest = () => rows().at(-1);

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

  it("knows a file's key from another one of the same description, also while the list shows it late", async () => {
    await fill("description", "One of two");
    const slow = world.recorder.hold("POST");
    world.recorder.repeatNext("POST");
    await submit();
    await slow.arrived;
    const [orphan, own] = rows().slice(-2);
    const list = JSON.parse(await (await ask(`/v1/${PROJECT}/node-provider/credentials?limit=1000`)).text());
    const credentials = list.credentials.filter(({ id }) => id !== own.id);
    world.recorder.answerNext(listAnswer({ credentials, count: credentials.length }), "GET");
    slow.release();
    await visible(PANEL);
    await idle("create");
    assert.match(await textOf(".result .key-id"), new RegExp(`${own.id}[^]*not in the list yet`));
    assert.match(await textOf(".task .orphans"), new RegExp(orphan.id));
  });

  it("offers a second key of one click also where the file is called saved at once", async () => {
    await openForm();
    await fill("description", "Saved at once");
    const post = world.recorder.hold("POST");
    world.recorder.repeatNext("POST");
    await submit();
    await post.arrived;
    const get = world.recorder.hold("GET");
    post.release();
    await visible(PANEL);
    await get.arrived;
    await click(".result .done");
    get.release();
    await visible(".task .appeared");
    assert.match(await textOf(".task .orphans"), new RegExp(rows().at(-2).id));
  });

  it("takes no second click for a word about the next key", async () => {
    await create();
    await create();
    assert.equal(await secondClick(".result .done"), false);
    assert.equal((await findAll(PANEL)).length, 2);
    await putAway();
  });
});
