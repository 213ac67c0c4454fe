// The list of the project's keys: it can be refreshed, filtered, sorted and paged.
import { caller } from "./call.js";
import { copyable } from "./copy.js";
import { byId, facts, make } from "./dom.js";
import { errorPanel, toApiError } from "./error-view.js";
import { clearIssues, connection } from "./fields.js";
import { listing, loadKeys, mark, onKeys } from "./keys.js";
import { ORDERS, arrange } from "./order.js";
import { askDelete } from "./question.js";
import { startRotation } from "./rotate.js";
import { text } from "./text.js";
import { when } from "./when.js";

const words = text.list;
const SHOWN = 10;
let page = 0;

function row(key) {
  const state = mark(key);
  const named = text.keyName(key);
  return make(
    "li",
    { class: `key ${state ?? ""}`, dataset: { id: key.id } },
    make(
      "h3",
      {},
      make("span", { class: key.description ? "" : "untitled" }, key.description || words.untitled),
      state ? make("span", { class: "badge" }, words.marks[state]) : null,
    ),
    copyable(key.id, text.copy.idOf(named)),
    facts(
      [
        [words.created, when(key.createTime, words.unknown)],
        [words.lastUsed, when(key.updateTime, words.notUsed)],
      ],
      { class: "times" },
    ),
    make(
      "div",
      { class: "actions" },
      make(
        "button",
        {
          type: "button",
          dataset: { once: "" },
          class: "rotate",
          "aria-label": words.rotateOf(named),
          onclick: () => startRotation(key),
        },
        words.rotate,
      ),
      make(
        "button",
        {
          type: "button",
          dataset: { once: "" },
          class: "danger delete",
          "aria-label": words.removeOf(named),
          onclick: () => askDelete(key, listing().to),
        },
        words.remove,
      ),
    ),
  );
}

function draw() {
  const { keys, count } = listing();
  const found = keys ? arrange(keys, { filter: byId("filter").value, order: byId("order").value }) : [];
  page = Math.max(0, Math.min(page, Math.ceil(found.length / SHOWN) - 1));
  const rows = found.slice(page * SHOWN, (page + 1) * SHOWN);
  byId("rows").replaceChildren(...rows.map(row));
  byId("list").classList.toggle("listed", keys !== undefined);
  byId("list-state").textContent = !keys
    ? words.notListed
    : words.state({
        count,
        listed: keys.length,
        found: found.length,
        from: page * SHOWN + 1,
        to: page * SHOWN + rows.length,
      });
  byId("pager").hidden = found.length <= SHOWN;
  byId("newer").setAttribute("aria-disabled", String(page === 0));
  byId("older").setAttribute("aria-disabled", String((page + 1) * SHOWN >= found.length));
}

const turn = (by) => {
  page += by;
  draw();
};
const fromTop = () => {
  page = 0;
  draw();
};

/** Wires the list; answers the function that lists anew. */
export function wireList() {
  const run = caller(byId("list"));
  const to = () => connection();
  const refresh = () =>
    run(words.running, async (api, signal) => {
      const asked = to();
      try {
        await loadKeys(api, asked, { signal });
      } catch (failure) {
        return errorPanel("list", toApiError(failure, api), { to: asked });
      }
    });
  byId("order").replaceChildren(...ORDERS.map((name) => make("option", { value: name }, words.orders[name])));
  byId("list").addEventListener("submit", (event) => {
    event.preventDefault();
    clearIssues();
    refresh();
  });
  byId("filter").addEventListener("input", fromTop);
  byId("order").addEventListener("change", fromTop);
  byId("newer").addEventListener("click", () => turn(-1));
  byId("older").addEventListener("click", () => turn(1));
  onKeys(draw);
  draw();
  return refresh;
}
