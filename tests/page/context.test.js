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

  it("keeps a token from the endpoint that it was not typed for", async () => {
    await click("#change");
    await fill("endpoint", "http://127.0.0.1:9");
    await fill("token", "of another endpoint");
    await click("#back");
    await click("#list [type=submit]");
    await idle("list");
    assert.equal(calls("GET").at(-1).headers["x-auth-token"], TOKEN);
    await assertQuiet();
  });

  it("says nothing of one project's failed list under another one", async () => {
    const slow = world.recorder.hold("GET");
    world.recorder.answerNext({ status: 401, headers: {}, body: Buffer.from("{}") }, "GET");
    await click("#list [type=submit]");
    await slow.arrived;
    await connectTo({ projectId: OTHER });
    slow.release();
    await idle("list");
    assert.deepEqual(await findAll("#list .outcome .panel"), []);
    assert.equal(await isShown("#connect"), false);
    assert.equal(await textOf("#token-error", { hidden: true }), "", "nor is the new token called expired");
  });

  it("says nothing of a token that was refused in a project which the page has left", async () => {
    const slow = world.recorder.hold("GET");
    world.recorder.answerNext({ status: 401, headers: {}, body: Buffer.from("{}") }, "GET");
    await submit();
    await slow.arrived;
    await connectTo({ projectId: OTHER });
    slow.release();
    await idle("create");
    assert.match(await textOf(".task", { hidden: true }), /The token is expired/, "its own card says so");
    assert.equal(await isShown("#connect"), false);
    assert.equal(await textOf("#token-error", { hidden: true }), "");
  });

  it("keeps what is typed while a list is under way", async () => {
    await click("#change");
    await fill("token", `${TOKEN} `);
    const slow = world.recorder.hold("GET");
    await click("#connection [type=submit]");
    await slow.arrived;
    await fill("projectId", OTHER);
    slow.release();
    await idle("connection");
    assert.equal(await (await find("#projectId")).getAttribute("value"), OTHER);
    assert.deepEqual(await findAll("#connection .outcome .panel"), []);
    await click("#connection [type=submit]");
    await eventually(async () => (await textOf("#where")).includes(OTHER), "the other project");
  });

  it("lists for an address that comes while another list is under way", async () => {
    await open("");
    await fill("projectId", PROJECT);
    await fill("token", `${TOKEN} `);
    const slow = world.recorder.hold("GET");
    await click("#connection [type=submit]");
    await slow.arrived;
    await run(
      "window.confirm = () => true; location.hash = arguments[0]",
      `#token=${encodeURIComponent(TOKEN)}&projectId=${OTHER}`,
    );
    slow.release();
    await listed();
    await idle("connection");
    assert.ok((await textOf("#where")).includes(OTHER), await textOf("#where"));
    assert.equal(await (await find("#projectId")).getAttribute("value"), OTHER);
  });

  it("begins the list of another project at its first page, and keeps its address over the skip link", async () => {
    const keys = Array.from({ length: 60 }, (_, n) => ({
      id: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
      create_time: new Date(Date.now() - n * 1000).toISOString(),
    }));
    const list = {
      status: 200,
      headers: { "content-type": "application/json" },
      body: Buffer.from(JSON.stringify({ credentials: keys, count: 60 })),
    };
    world.recorder.answerNext(list, "GET");
    await click("#list [type=submit]");
    await idle("list");
    await click("#older");
    assert.match(await textOf("#list-state"), /Shown: 51 to 60/);
    world.recorder.answerNext(list, "GET");
    await connectTo({ projectId: OTHER });
    assert.match(await textOf("#list-state"), /Shown: 1 to 50/);
    await run("document.querySelector('.skip').click()");
    await eventually(
      async () => (await world.driver.getCurrentUrl()).endsWith(`#projectId=${OTHER}`),
      "the project in the address again",
    );
  });
});
