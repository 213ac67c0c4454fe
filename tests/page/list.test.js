import assert from "node:assert/strict";
import { look } from "./looks.js";
import {
  assertQuiet,
  calls,
  catchCopies,
  click,
  fill,
  find,
  findAll,
  idle,
  open,
  run,
  textOf,
  visible,
} from "./page.js";
import { PROJECT, TOKEN, clearDownloads, downloads, eventually, world } from "./world.js";

const DAY = 86_400_000;
const id = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const daysAgo = (days) => new Date(Date.now() - days * DAY).toISOString();

/** An answer as the real service gives it, with fields that nobody asked for. */
const answer = (keys, count = keys.length) => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: Buffer.from(
    JSON.stringify({ credentials: keys.map((key) => ({ eps_info: { eps_id: "0" }, node_ids: [], ...key })), count }),
  ),
});

const KEYS = [
  { id: id(1), description: "Billing", create_time: daysAgo(3), update_time: daysAgo(1) },
  { id: id(2), description: "archive", create_time: daysAgo(400), update_time: "" },
  { id: id(3), create_time: daysAgo(40), update_time: daysAgo(30) },
  ...Array.from({ length: 97 }, (_, n) => ({
    id: id(n + 10),
    description: `Node ${n}`,
    create_time: daysAgo(50 + n),
    update_time: "",
  })),
];
const shown = () => run("return [...document.querySelectorAll('#rows .key')].map((row) => row.dataset.id)");
/** What it says, without the time of the list. */
const state = async () => (await textOf("#list-state")).replace(/ Listed .*/, "");

describe("The list", () => {
  const openWith = (...given) =>
    open(undefined, { prepare: (recorder) => recorder.answerNext(answer(...given), "GET") });

  it("shows what the service lists: description, id, times relative and exact", async () => {
    await openWith(KEYS);
    assert.equal(await state(), "100 keys. Shown: 1 to 50.");
    const [first, second] = await Promise.all((await findAll("#rows .key")).slice(0, 2).map((row) => row.getText()));
    assert.match(first, new RegExp(`Billing[^]*${id(1)}[^]*3 days ago[^]*20\\d\\d[^]*yesterday`));
    assert.match(second, /No description[^]*last month/);
    const copied = await catchCopies();
    await click(`#rows [data-id="${id(1)}"] .copy button`);
    assert.equal(await copied(), id(1));
    await look("listed", { all: true });
    await assertQuiet();
  });

  it("pages, sorts and filters", async () => {
    await openWith(KEYS);
    await click("#older");
    assert.equal(await state(), "100 keys. Shown: 51 to 100.");
    assert.equal((await shown()).at(-1), id(2), "the oldest one last");
    await click("#older");
    assert.equal((await shown()).length, 50, "there is no page behind the last");
    await run(
      "const size = document.querySelector('#size'); size.value = '100'; size.dispatchEvent(new Event('change'))",
    );
    assert.equal((await shown()).length, 100);
    assert.equal(await state(), "100 keys.");
    await run(
      "const order = document.querySelector('#order'); order.value = 'name'; order.dispatchEvent(new Event('change'))",
    );
    assert.deepEqual((await shown()).slice(0, 3), [id(2), id(1), id(10)]);
    await run(
      "const order = document.querySelector('#order'); order.value = 'used'; order.dispatchEvent(new Event('change'))",
    );
    assert.deepEqual((await shown()).slice(0, 2), [id(1), id(3)]);
    await fill("filter", "BILL");
    assert.deepEqual(await shown(), [id(1)]);
    assert.equal(await state(), "100 keys. 1 match.");
    await fill("filter", "000029");
    assert.deepEqual(await shown(), [id(29)], "an id's part fits, too");
    await fill("filter", "nothing like it");
    assert.equal(await state(), "100 keys. No matches.");
    await look("list-filtered");
  });

  it("asks for the second thousand, and says what the service does not give out", async () => {
    const many = Array.from({ length: 1000 }, (_, n) => ({
      id: id(n),
      description: `Key ${n}`,
      create_time: daysAgo(n),
      update_time: "",
    }));
    await openWith(many, 2500);
    // The first call is answered by the test, the second by the service.
    await eventually(async () => (await state()).startsWith("2,500 keys. The service lists the first 1,"), "the count");
    world.recorder.answerNext(answer(many, 2500), "GET");
    await click("#list [type=submit]");
    await idle("list");
    assert.deepEqual(
      calls("GET").map(({ path }) => path.split("?")[1]),
      ["offset=0&limit=1000", "offset=1000&limit=1000"],
    );
  });

  it("tells an empty list, and lists anew on demand", async () => {
    await openWith([]);
    assert.equal(await state(), "This project has no keys. Create the first one.");
    await look("list-empty");
    world.recorder.answerNext(answer(KEYS), "GET");
    const slow = world.recorder.hold("GET");
    await click("#list [type=submit]");
    await slow.arrived;
    assert.equal(await textOf("#list .progress"), "Listing the keys…");
    await look("listing");
    slow.release();
    await eventually(async () => (await shown()).length === 50, "the keys");
    await idle("list");
    assert.match(calls("GET")[0].path, /\?.*limit=1000/);
  });

  it("shows a time as it came where nobody knows the zone, and text as text", async () => {
    await openWith([
      {
        id: id(1),
        description: "<img src=x onerror=alert(1)>",
        create_time: "2026-01-02 03:04:05",
        update_time: "soon",
      },
    ]);
    assert.match(await textOf("#rows"), /<img src=x onerror=alert\(1\)>[^]*2026-01-02 03:04:05[^]*soon/);
    assert.equal((await findAll("#rows .key")).length, 1);
    await visible("#rows .key");
    await assertQuiet();
  });

  it("counts and shows what is unused or old", async () => {
    await openWith(KEYS);
    const group = (name) => `#groups [data-group=${name}]`;
    // Of those never used: the old one and the 57 that were made over 90 days ago.
    assert.equal(await textOf(group("unused")), "Unused for 90 days 58");
    assert.equal(await textOf(group("old")), "Created over a year ago 1");
    await click(group("old"));
    assert.deepEqual(await shown(), [id(2)]);
    assert.equal(await (await find(group("old"))).getAttribute("aria-pressed"), "true");
    await look("list-old");
  });

  it("has rows of 44 px on a wide screen, and lists within its first half", async () => {
    await openWith(KEYS);
    const [height, top] = await run(
      "const { height, top } = document.querySelector('#rows .key').getBoundingClientRect(); return [height, top]",
    );
    assert.ok(height >= 44 && height <= 46, `${height} px`);
    assert.ok(top < 450, `the first key begins at ${top} px`);
  });

  it("saves what it shows as a CSV file in which nothing is a formula", async () => {
    clearDownloads();
    await openWith([
      { id: id(1), description: '=HYPERLINK("https://x")', create_time: daysAgo(3), update_time: "" },
      { id: `-${id(2).slice(1)}`, description: "Billing, region 3", create_time: daysAgo(2), update_time: daysAgo(1) },
    ]);
    await click("#csv");
    await eventually(
      () => downloads().some(({ name, bytes }) => name.endsWith(".csv") && bytes.length > 0),
      "the file",
    );
    const [{ name, bytes }] = downloads();
    assert.match(name, new RegExp(`^keys-${PROJECT}-.*\\.csv$`));
    const lines = bytes.toString("utf8").replace("\ufeff", "").trim().split("\r\n");
    assert.equal(lines.length, 3);
    assert.ok(lines[2].includes(`"'=HYPERLINK(""https://x"")"`), lines[2]);
    assert.ok(lines[1].includes(`"'-${id(2).slice(1)}","Billing, region 3"`), lines[1]);
    assert.ok(lines[1].includes(PROJECT));
    assert.equal(bytes.includes(TOKEN.slice(0, 12)), false);
    clearDownloads();
  });

  it("saves no formula for a spreadsheet that divides at semicolons or knows wide signs", async () => {
    clearDownloads();
    const names = ["a;=1+1", "\uff1d1+1", "a\n=1+1", " =1+1", "a;b", "R&D, 5 - 3 = 2"];
    await openWith(
      names.map((description, n) => ({ id: id(n + 1), description, create_time: daysAgo(n + 1), update_time: "" })),
    );
    await click("#csv");
    await eventually(
      () => downloads().some(({ name, bytes }) => name.endsWith(".csv") && bytes.length > 0),
      "the file",
    );
    const table = downloads()[0].bytes.toString("utf8");
    for (const safe of [`"a;'=1+1"`, `"'\uff1d1+1"`, `"a\n'=1+1"`, `"' =1+1"`, `"a;b"`, `"R&D, 5 - 3 = 2"`])
      assert.ok(table.includes(safe), safe);
    clearDownloads();
  });

  it("hides nothing in a description", async () => {
    await openWith([
      { id: id(1), description: "safe\u202etxt.exe", create_time: daysAgo(3), update_time: "" },
      { id: id(2), description: "   ", create_time: daysAgo(4), update_time: "" },
    ]);
    assert.match(await textOf("#rows"), /safe⟨U\+202E⟩txt\.exe[^]*Only blanks/);
    await click(`#rows [data-id="${id(1)}"] .revoke`);
    assert.match(await textOf("#confirm-title"), /Revoke “safe⟨U\+202E⟩txt\.exe”\?/);
    await click("#confirm-no");
  });
});
