// Rotating a key: make the new one, save it, see it work, and only then revoke the old one. It can stop anywhere.
import { byId, facts, make } from "./dom.js";
import { setValue } from "./fields.js";
import { keyOf, listing, onKeys } from "./keys.js";
import { askDelete } from "./question.js";
import { text } from "./text.js";
import { when } from "./when.js";

const words = text.rotate;
const STEPS = ["make", "save", "check", "revoke", "done"];
const LIMIT = 100;
let rotation;

/** The old description with today's date, in place of an earlier one's. */
function nextName(description = "") {
  const date = ` (${text.date(new Date())})`;
  const base = description.replace(/ \(\d{4}-\d\d-\d\d\)$/, "");
  return base ? [...base].slice(0, LIMIT - date.length).join("") + date : "";
}

const lastUsed = (key) => when((key && keyOf(key.id) ? keyOf(key.id) : key)?.updateTime, text.list.notUsed);

function actions({ step, old, to }) {
  const button = (name, onclick, label = words.go[name]) =>
    make(
      "button",
      { type: "button", class: name === "revoke" ? "danger go" : "primary go", dataset: { once: "" }, onclick },
      label,
    );
  if (step === "check") return button("check", () => advance("revoke"));
  if (step === "revoke") return button("revoke", () => askDelete(keyOf(old.id) ?? old, to));
  return null;
}

function draw() {
  const panel = byId("rotation");
  panel.hidden = !rotation;
  if (!rotation) return panel.replaceChildren();
  const { step, old, made } = rotation;
  const at = STEPS.indexOf(step);
  const stop = make(
    "button",
    { type: "button", class: "stop", onclick: () => end(step) },
    step === "done" ? words.close : words.stop,
  );
  panel.replaceChildren(
    make("h3", { tabIndex: -1 }, words.title(text.keyName(old))),
    make(
      "ol",
      { class: "steps" },
      ...STEPS.slice(0, -1).map((name, index) =>
        make(
          "li",
          { class: index < at ? "past" : "", ...(name === step ? { "aria-current": "step" } : {}) },
          words.steps[name],
          index < at ? make("span", { class: "unseen" }, words.past) : null,
        ),
      ),
    ),
    make("p", { role: "status" }, words.now[step]),
    at >= 2 && step !== "done"
      ? facts(
          [
            [words.newUsed, lastUsed(made)],
            [words.oldUsed, lastUsed(old)],
          ],
          { class: "facts" },
        )
      : "",
    make("div", { class: "actions" }, actions(rotation), stop),
  );
}

function advance(step) {
  rotation.step = step;
  draw();
  byId("rotation").querySelector("h3").focus();
}

function end(step) {
  rotation = undefined;
  draw();
  byId("rotation-said").textContent = words.stopped[step];
  byId("create-title").focus();
}

/** Begins with a listed key; a rotation that is under way stops where it is. */
export function startRotation(old) {
  rotation = { old, to: listing().to, step: "make" };
  byId("rotation-said").textContent = "";
  setValue("description", nextName(old.description));
  byId("description").dispatchEvent(new Event("input", { bubbles: true }));
  draw();
  byId("rotation").scrollIntoView({ block: "start" });
  byId("description").focus();
}

/** Wires the steps to what happens on the page. */
export function wireRotate() {
  document.addEventListener("keymade", ({ detail }) => {
    if (rotation?.step !== "make") return;
    Object.assign(rotation, { made: detail.key, file: detail.file });
    // It may have been put away while its id was looked for.
    advance(rotation.savedEarly === detail.file ? "check" : "save");
  });
  document.addEventListener("keysaved", ({ detail }) => {
    if (rotation?.step === "save" && detail.file === rotation.file) advance("check");
    else if (rotation?.step === "make") rotation.savedEarly = detail.file;
  });
  document.addEventListener("keydeleted", ({ detail }) => {
    if (detail.id !== rotation?.old.id) return;
    if (["make", "save"].includes(rotation.step)) return end("gone");
    rotation.step = "done";
    draw();
  });
  onKeys(draw);
}
