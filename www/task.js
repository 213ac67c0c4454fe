// One key to make, and in a rotation the one that it replaces: form, file, last use, revocation, in one card.
import { caller } from "./call.js";
import { accessTo, hostOf, isHere, listAnew } from "./connection.js";
import { createKey, drawOrphans, pickFirst } from "./create.js";
import { announce, button, byId, code, emit, facts, make, named, on } from "./dom.js";
import { clearIssues, setValue, wireField } from "./fields.js";
import { isMissing, isTaken, keyOf, same } from "./keys.js";
import { note } from "./log.js";
import { askRevoke } from "./question.js";
import { canPick } from "./saved.js";
import { text } from "./text.js";
import { when } from "./when.js";

const words = text.task;
const STEPS = ["make", "save", "check", "revoke"];
const LIMIT = 100;
const open = new Set();
let opened = 0;

/** A name for what replaces a key: its own, with today's date in place of an earlier one's, which no other key has. */
function nextName({ id, description = "" }, isUsed) {
  // The field takes no line breaks.
  const line = description.replace(/[\r\n]/g, "");
  const base = line.replace(/ \(\d{4}-\d\d-\d\d(?: \d+)?\)$/, "").trim() || words.replaces(id.slice(-6));
  for (let turn = 1; ; turn += 1) {
    const end = ` (${text.date(new Date())}${turn > 1 ? ` ${turn}` : ""})`;
    const name = [...base].slice(0, LIMIT - end.length).join("") + end;
    if (!isUsed(name)) return name;
  }
}

const callState = () =>
  make(
    "span",
    { class: "state" },
    make("button", { type: "button", class: "cancel small" }, text.call.cancel),
    make("span", { class: "progress" }),
    make("span", { class: "clock" }),
  );

/** The form of a task. */
function formOf(task) {
  const id = `description-${opened}`;
  const field = make("input", {
    id,
    name: "description",
    autocomplete: "off",
    "data-limit": LIMIT,
    "aria-describedby": `${id}-hint ${id}-error ${id}-warning ${id}-count`,
  });
  const warning = make("p", { id: `${id}-warning`, class: "careful" });
  const form = make(
    "form",
    { class: "create", noValidate: true },
    make(
      "div",
      { class: "field" },
      make(
        "div",
        { class: "field-head" },
        make("label", { htmlFor: id }, words.description),
        make("span", { id: `${id}-count`, class: "count" }),
      ),
      field,
      make("p", { id: `${id}-hint`, class: "hint" }, words.hint),
      make("p", { id: `${id}-error`, class: "field-error" }),
      warning,
    ),
    make(
      "div",
      { class: "actions" },
      make("button", { type: "submit", class: "primary", dataset: { once: "" } }, words.submit),
      canPick() ? button(words.choose, () => begin(pickFirst), { class: "choose", dataset: { once: "" } }) : null,
      button(task.old ? words.stop : words.notNow, () => task.stop(), { class: "stop", dataset: { once: "" } }),
      callState(),
    ),
    make("div", { class: "outcome" }),
  );
  const run = caller(form);
  const outcome = form.querySelector(".outcome");

  function begin(work) {
    // What stands here after a context has changed is offered no more.
    if (!isHere(task.to)) return;
    const access = accessTo(task.to);
    clearIssues([id]);
    run((api, step) => work(task, access, api, step));
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    begin(createKey);
  });
  field.addEventListener("input", () => {
    warning.textContent = isTaken(task.to, field.value) ? words.namesake : "";
    // What it said was about another description.
    if (task.watches.length === 0) outcome.replaceChildren();
  });
  return { form, field, isBusy: () => form.classList.contains("busy") };
}

/** The last use of both keys of a rotation, and what is done when the new one is in use. */
function usesOf(task) {
  const shown = make("div", {});
  const go = make("span", {});
  const form = make(
    "form",
    { class: "uses", noValidate: true },
    shown,
    make(
      "div",
      { class: "actions" },
      go,
      make("button", { type: "submit", dataset: { once: "" } }, text.list.refresh),
      button(words.stop, () => task.stop(), { class: "stop", dataset: { once: "" } }),
      callState(),
    ),
    make("div", { class: "outcome" }),
  );
  const run = caller(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isHere(task.to)) run((api, step) => listAnew(api, step, task.to));
  });
  const used = (id, key) =>
    !id
      ? text.list.unknown
      : isMissing(task.to, id)
        ? words.notInList
        : when((keyOf(task.to, id) ?? key)?.updateTime, text.list.notUsed);
  return {
    form,
    draw() {
      const { to, old, id, phase } = task;
      shown.replaceChildren(
        facts([
          [words.newUsed, used(id)],
          [words.oldUsed, used(old.id, old)],
        ]),
      );
      const next =
        phase === "check"
          ? button(words.works, () => task.enter("revoke"), { class: "primary go", dataset: { once: "" } })
          : button(words.revokeOld, () => askRevoke(keyOf(to, old.id) ?? old, to), {
              class: "danger go",
              dataset: { once: "" },
            });
      go.hidden = isWithoutNew(task);
      // A drawing of the list must not take the focus from it.
      if (go.firstChild?.textContent !== next.textContent) go.replaceChildren(next);
    },
  };
}

/** Whether the list shows that a rotation's new key is not there: the old one may be the only one that works. */
const isWithoutNew = ({ to, id, phase }) => ["check", "revoke"].includes(phase) && id && isMissing(to, id);

/** What a task says of where it is. */
function wordsOf(task) {
  const { to, old, phase, left, isLooking } = task;
  if (left) return left;
  if (!old) return phase === "make" ? words.lead : isLooking && phase === "stopped" ? words.findingId : "";
  if (isWithoutNew(task)) return words.newMissing;
  return isMissing(to, old.id) ? words.oldMissing : words.now[phase];
}

function stepsOf({ phase }) {
  const at = STEPS.indexOf(phase);
  return STEPS.map((name, index) =>
    make(
      "li",
      { class: index < at ? "past" : "", ...(index === at ? { "aria-current": "step" } : {}) },
      words.steps[name],
      index < at ? make("span", { class: "unseen" }, words.past) : null,
    ),
  );
}

function about(task) {
  return make(
    "p",
    { class: "about" },
    words.project,
    " ",
    code(task.to.projectId),
    ` ${words.at} `,
    make("span", { translate: false }, hostOf(task.to)),
  );
}

/** Opens a task for this project; with a listed key, a rotation of it. */
export function startTask(to, old) {
  const twin = [...open].find(
    (task) =>
      same(task.to, to) &&
      task.phase !== "stopped" &&
      (old ? task.old?.id === old.id : !task.old && task.phase === "make"),
  );
  if (twin) return twin.focus();
  opened += 1;
  const life = new AbortController();
  const title = make(
    "h2",
    { id: `task-${opened}`, tabIndex: -1 },
    ...(old
      ? [words.rotate, ...(old.description?.trim() ? ["“", named(old.description), "”"] : [text.keyName(old)])]
      : [words.title]),
  );
  const steps = make("ol", { class: "steps" });
  const now = make("p", { class: "now" });
  const orphans = make("div", { class: "orphans" });
  const result = make("div", { class: "result" });
  const close = button(words.close, end, { class: "close" });
  const away = make(
    "div",
    { class: "away panel calm" },
    make("p", {}, words.away),
    make(
      "div",
      { class: "actions" },
      button(words.goBack, () => emit("connect", to), { class: "small" }),
    ),
  );
  const task = { to, old, phase: "make", watches: [], orphans, result, enter, stop, saved, endSaved, draw };
  const { form, field, isBusy } = formOf(task);
  const uses = old ? usesOf(task) : undefined;
  Object.assign(task, {
    form,
    field,
    focus: () => (form.hidden ? title : field).focus(),
    // What arrived before may be still to be saved.
    showResult: (panel) => {
      result.prepend(panel);
      panel.querySelector("h3").focus();
    },
  });
  const card = make(
    "section",
    { class: "card task", "aria-labelledby": title.id },
    title,
    about(task),
    away,
    old ? steps : null,
    now,
    form,
    orphans,
    result,
    uses?.form,
    make("div", { class: "actions" }, close),
  );

  function draw() {
    const { phase } = task;
    const isAway = !isHere(to);
    away.hidden = !isAway || phase === "stopped";
    steps.hidden = task.left !== undefined;
    form.hidden = phase !== "make" || (isAway && !isBusy());
    steps.replaceChildren(...stepsOf(task));
    now.textContent = wordsOf(task);
    now.hidden = now.textContent === "";
    if (uses) uses.form.hidden = isAway || !["check", "revoke"].includes(phase);
    uses?.draw();
    close.parentElement.hidden = phase !== "stopped";
    drawOrphans(task);
  }
  function enter(phase) {
    task.phase = phase;
    draw();
    title.focus();
  }
  /** Leaves the task where it is, and says what is left to do. */
  function stop() {
    if (old) leave(words.left[task.phase === "make" && task.isUnheard ? "unheard" : task.phase](text.keyName(old)));
    else end();
  }
  function leave(left) {
    task.left = left;
    // The new key's file is still to be saved.
    if (task.phase !== "save") task.phase = "stopped";
    draw();
    title.focus();
    announce(task.left);
  }
  /** The file is safe. */
  function saved(file) {
    note("saved", to, { id: task.id, description: task.description, file: file.name });
    if (old && !task.left) return enter("check");
    task.phase = "stopped";
    task.isSaved = true;
    draw();
    title.focus();
    endSaved();
  }
  /** Takes the card away when nothing on it is left to do. */
  function endSaved() {
    const isLeft = task.left || task.isLooking || orphans.childElementCount > 0 || result.childElementCount > 0;
    if (task.isSaved && !isLeft) end();
  }
  function end() {
    // What it holds may be the only copy of a key.
    if (result.firstChild) return result.querySelector("h3").focus();
    const hasFocus = card.contains(document.activeElement);
    life.abort();
    open.delete(task);
    card.remove();
    if (hasFocus) byId(byId("keys").hidden ? "connection-title" : "list-title").focus();
  }
  on("context", draw, life.signal);
  on(
    "keys",
    ({ to: listed }) => {
      if (!same(listed, to)) return;
      task.notListed = undefined;
      task.find?.();
      draw();
    },
    life.signal,
  );
  on(
    "revoked",
    ({ to: where, id }) => {
      if (!same(where, to) || ![old?.id, task.id].includes(id)) return;
      const name = old && text.keyName(old);
      if (id === task.id) {
        task.isGone = true;
        task.dropFile();
        // There is nothing to save any more.
        task.phase = "stopped";
        leave(!old ? words.revoked : task.isOldGone ? words.left.bothGone() : words.left.newGone(name));
      } else {
        task.isOldGone = true;
        leave(task.isGone ? words.left.bothGone() : words.left[task.file ? "done" : "gone"](name));
      }
    },
    life.signal,
  );
  byId("tasks").prepend(card);
  open.add(task);
  wireField(field.id);
  if (old) {
    const isUsed = (name) => isTaken(to, name) || [...open].some((other) => other.field?.value === name);
    setValue(field.id, nextName(old, isUsed));
  }
  draw();
  card.scrollIntoView({ block: "nearest" });
  field.focus();
}
