// The list of the project's keys: refreshed, filtered, sorted, paged, and saved as a table.
import { caller, show } from "./call.js";
import { here, isHere, listAnew } from "./connection.js";
import { announce, button, byId, copyable, emit, make, named, on } from "./dom.js";
import { listing, marks } from "./keys.js";
import { text } from "./text.js";
import { moment, ticking, when } from "./when.js";

const words = text.list;
const DAY = 86_400_000;

const time = (written) => moment(written) || 0;
/** @type {(value: (key: any) => number) => (a: any, b: any) => number} */
const by = (value) => (a, b) => value(a) - value(b);
/** @type {(key: { description?: string }) => string} */
const name = ({ description = "" }) => description.trim();
const ORDERS = {
  newest: by((key) => -time(key.createTime)),
  oldest: by((key) => time(key.createTime)),
  // Keys without a description come last.
  name: (a, b) => Number(name(a) === "") - Number(name(b) === "") || text.compare(name(a), name(b)),
  idle: by((key) => time(key.updateTime)),
  used: by((key) => -time(key.updateTime)),
};
// A time that nobody can read is neither old nor new.
const isOlder = (written, days) => Date.now() - moment(written) > days * DAY;
const GROUPS = {
  all: () => true,
  unused: (key) => (key.updateTime ? isOlder(key.updateTime, 90) : isOlder(key.createTime, 90)),
  old: (key) => isOlder(key.createTime, 365),
  fresh: ({ id }) => marked.has(id),
};

/** The project whose list is being read anew. */
let reading;
let group = "all";
let page = 0;
/** What is new here, as last drawn. */
let marked = new Map();

function row(key, to) {
  const state = marked.get(key.id);
  const label = text.keyName(key);
  const cell = (kind, title, ...content) =>
    make("div", { class: kind, role: "cell" }, title ? make("span", { class: "label" }, title) : null, ...content);
  return make(
    "div",
    { class: `key ${state ?? ""}`, role: "row", dataset: { id: key.id } },
    cell(
      "what",
      undefined,
      make("p", {}, named(key.description), state ? make("span", { class: "badge" }, words.marks[state]) : null),
      copyable(key.id, text.copy.idOf(label)),
    ),
    cell("time", words.created, when(key.createTime, words.unknown)),
    cell("time", words.lastUsed, when(key.updateTime, words.notUsed)),
    cell(
      "do",
      undefined,
      button(words.rotate, () => emit("task", { to, old: key }), {
        class: "small rotate",
        dataset: { once: "" },
        "aria-label": words.rotateOf(label),
      }),
      button(words.revoke, () => emit("question", { to, key }), {
        class: "small danger revoke",
        dataset: { once: "" },
        "aria-label": words.revokeOf(label),
      }),
    ),
  );
}

const HEAD = () =>
  make(
    "div",
    { class: "head", role: "row" },
    ...[words.key, words.created, words.lastUsed].map((title) => make("div", { role: "columnheader" }, title)),
    make("div", { role: "columnheader" }, make("span", { class: "unseen" }, words.actions)),
  );

/** The keys that fit what is chosen, in order. */
function chosen(keys) {
  const wanted = byId("filter").value.trim().toLowerCase();
  const has = (part = "") => part.toLowerCase().includes(wanted);
  return keys
    .filter((key) => GROUPS[group](key) && (has(key.description) || has(key.id)))
    .sort(ORDERS[byId("order").value] ?? ORDERS.newest);
}

/** Puts new rows in place of the old; a button that had the focus has it in the new row of its key. */
function putRows(rows) {
  const buttons = (row) => [...(row?.querySelectorAll("button") ?? [])];
  /** @type {HTMLElement | null | undefined} */
  const old = document.activeElement?.closest("#rows .key");
  const at = buttons(old).indexOf(document.activeElement);
  byId("rows").replaceChildren(...(rows.length > 0 ? [HEAD(), ...rows] : []));
  const row = rows.find(({ dataset }) => dataset.id === old?.dataset.id);
  buttons(row)[at]?.focus({ preventScroll: true });
}

function drawGroups(keys) {
  for (const choice of byId("groups").children) {
    const count = keys.filter(GROUPS[choice.dataset.group]).length;
    choice.replaceChildren(
      words.groups[choice.dataset.group],
      " ",
      make("span", { class: "tally" }, text.number(count)),
    );
    choice.setAttribute("aria-pressed", String(choice.dataset.group === group));
  }
}

function draw() {
  const to = here();
  byId("keys").hidden = !to;
  if (!to) return byId("rows").replaceChildren();
  const { keys, count, at } = listing(to);
  marked = marks(to);
  const found = keys ? chosen(keys) : [];
  const size = Number(byId("size").value);
  page = Math.max(0, Math.min(page, Math.ceil(found.length / size) - 1));
  const rows = found.slice(page * size, (page + 1) * size);
  putRows(rows.map((key) => row(key, to)));
  byId("keys").classList.toggle("listed", keys !== undefined);
  byId("keys").classList.toggle("empty", keys?.length === 0);
  drawGroups(keys ?? []);
  byId("list-state").replaceChildren(
    keys
      ? words.state({
          count,
          listed: keys.length,
          found: found.length,
          from: page * size + 1,
          to: page * size + rows.length,
        })
      : words.notListed,
    ...(keys ? [" ", words.listed, ticking(at), ` (${text.clock(new Date(at))}).`] : []),
  );
  byId("pager").hidden = found.length <= Math.min(size, 50);
  byId("newer").setAttribute("aria-disabled", String(page === 0));
  byId("older").setAttribute("aria-disabled", String((page + 1) * size >= found.length));
}

// Where a spreadsheet divides at another character than the comma, quotes hold nothing together.
const FORMULA = /(^|[;,|\t\r\n])(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

/** A cell that no spreadsheet takes for a formula, nor a part of it. */
const cell = (content = "") => `"${content.replace(FORMULA, "$1'").replaceAll('"', '""')}"`;

/** The chosen keys as a CSV file; there is no secret in it. */
function inventory(to) {
  const { keys, at } = listing(to);
  const lines = [
    words.columns,
    ...chosen(keys).map((key) => [
      to.endpoint,
      to.projectId,
      key.id,
      key.description,
      key.createTime,
      key.updateTime,
      new Date(at).toISOString(),
    ]),
  ];
  const table = lines.map((line) => `${line.map(cell).join(",")}\r\n`).join("");
  // The mark tells spreadsheets that it is UTF-8.
  return new File([`\ufeff${table}`], words.fileName(to.projectId, new Date(at)), { type: "text/csv" });
}

const turn = (by) => {
  page += by;
  draw();
  byId("list-title").focus();
};
const fromTop = () => {
  page = 0;
  draw();
};

/** Wires the list. */
export function wireList() {
  const form = byId("list");
  const outcome = form.querySelector(".outcome");
  const run = caller(form);
  byId("order").replaceChildren(...Object.keys(ORDERS).map((value) => make("option", { value }, words.orders[value])));
  byId("groups").replaceChildren(
    ...Object.keys(GROUPS).map((value) =>
      button(
        "",
        () => {
          group = value;
          fromTop();
          announce(byId("list-state").textContent);
        },
        { class: "small", dataset: { group: value } },
      ),
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const to = here();
    reading = to;
    run((api, step) => listAnew(api, step, to));
  });
  byId("new").addEventListener("click", () => emit("task", { to: here() }));
  byId("filter").addEventListener("input", fromTop);
  for (const id of ["order", "size"]) byId(id).addEventListener("change", fromTop);
  byId("newer").addEventListener("click", () => turn(-1));
  byId("older").addEventListener("click", () => turn(1));
  byId("csv").addEventListener("click", () => {
    const to = here();
    run(async (api) => api.saveFile(inventory(to)));
  });
  on("listed", ({ panel }) => {
    outcome.replaceChildren();
    fromTop();
    if (panel) show(outcome, panel);
    else byId("list-title").focus();
  });
  on("keys", ({ to }) => {
    if (!isHere(to)) return;
    outcome.replaceChildren();
    draw();
  });
  on("context", () => {
    if (!here()) outcome.replaceChildren();
    if (reading && !isHere(reading)) run.cancel();
    draw();
  });
  draw();
}
