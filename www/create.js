// Making a task's key: a look at the list, one call, its file saved at once, and the list again for the new key.
import { TIMEOUT } from "./call.js";
import { isHere } from "./connection.js";
import { button, copyable, facts, make, named } from "./dom.js";
import { errorPanel, panel, toApiError } from "./errors.js";
import { holdPage } from "./guards.js";
import { isTaken, keyOf, loadKeys, markMade, watchFor } from "./keys.js";
import { note } from "./log.js";
import { askRevoke } from "./question.js";
import { fileOf, idIn, idWithCopy, pick } from "./saved.js";
import { text } from "./text.js";
import { moment, when } from "./when.js";

const words = text.task;
const LIMIT = 100;
// A browser repeats a request at once.
const TOGETHER = 5 * 60_000;
// For so long a look at the list need not be repeated.
const FRESH = 60_000;

const notSent = (tone, title, ...why) =>
  panel(tone, title, make("p", { class: "certain" }, text.error.outcomes.create.not_sent), ...why);

/** Lists first: `{ known }`, nothing where the token may not list, which is no reason to make none; or the `stop`. */
async function lookFirst(task, access, api, step) {
  const { to, field, form } = task;
  let known;
  try {
    known = await loadKeys(api, access, { signal: step(words.looking) });
  } catch (failure) {
    const error = toApiError(failure, api);
    if (![403, 404, 405].includes(error.status))
      return { stop: errorPanel("create", error, { to, outcome: "not_sent", within: form }) };
  }
  if (isTaken(to, field.value) && task.warned !== field.value) {
    task.warned = field.value;
    return { stop: notSent("warn", words.again, make("p", {}, words.namesake)) };
  }
  return { known };
}

/** Makes the key with the download of its file; `access` is what a call to the task's project needs. */
export async function createKey(task, access, api, step) {
  const { stop, known } = await lookFirst(task, access, api, step);
  return stop ?? (await send(task, access, api, step, known));
}

/** Makes the key once a place for its file is chosen: the token is known to work before the dialog opens. */
export async function pickFirst(task, access, api, step) {
  const { to, field, form } = task;
  if ([...field.value].length > LIMIT) return createKey(task, access, api, step);
  const looked =
    task.looked?.description === field.value && Date.now() - task.looked.at < FRESH
      ? task.looked
      : { ...(await lookFirst(task, access, api, step)), description: field.value, at: Date.now() };
  task.looked = undefined;
  if (looked.stop) return looked.stop;
  let place;
  step(words.picking);
  form.classList.add("picking");
  try {
    place = await pick(text.picker.name(to.projectId, field.value, new Date()));
  } catch (error) {
    if (error.name === "AbortError") return notSent("calm", text.picker.none);
    task.looked = looked;
    return notSent("calm", text.picker.late, make("p", {}, text.picker.again));
  } finally {
    form.classList.remove("picking");
  }
  return send(task, access, api, step, looked.known, place);
}

async function send(task, access, api, step, known, place) {
  const { to, field, form } = task;
  const description = field.value;
  const begun = new Date();
  const release = holdPage();
  try {
    const signal = step(words.running);
    // An empty description is another request than none.
    const asked = description === "" ? access : { ...access, description };
    const file = await api.createApiKey({ ...asked, signal, timeout: TIMEOUT });
    await arrived(task, { api, step, access, known, file, description, place });
  } catch (failure) {
    const error = toApiError(failure, api);
    const empty = place ? make("p", { class: "careful" }, text.picker.empty(place.name)) : null;
    if (error.outcome !== "unknown") return errorPanel("create", error, { to, within: form, more: empty });
    await unheard(task, { api, step, access, known, error, description });
    note("unheard", to, { description });
    const warning = error.file
      ? text.orphan.here
      : orphansOf(task).length > 0
        ? text.orphan.below
        : text.orphan.lookFor(description, text.clock(begun));
    return errorPanel("create", error, { to, within: form, more: make("p", { class: "careful" }, warning) });
  } finally {
    release();
    task.isLooking = false;
    task.draw();
    task.endSaved();
  }
}

/** A key whose file is here: saved at once, then looked for in the list. */
async function arrived(task, { api, step, access, known, file, description, place }) {
  const { to } = task;
  const shown = fileOf(file, { api, description, place, onSaved: () => task.saved(file) });
  const { setTwice, drop } = shown;
  Object.assign(task, { file, description, phase: "save", isLooking: true, setTwice, dropFile: drop });
  task.draw();
  // First of all: whatever fails below, the file is at hand.
  task.showResult(shown.panel);
  shown.setId(text.saved.looking);
  await shown.hand();
  task.id = await idIn(file, api);
  note("made", to, { id: task.id, description, file: file.name });
  const fits = (key) =>
    (key.description ?? "") === description &&
    !(Math.abs(moment(key.createTime) - moment(keyOf(to, task.id)?.createTime)) > TOGETHER);
  const seen = known && watchFor(to, known, fits);
  // Only beside a key that is known by its file another one is known to have none.
  if (seen && task.id) task.watches.push(seen);
  task.find = (why) => {
    if (!task.id && seen?.().length === 1) task.id = seen()[0].id;
    if (task.id) markMadeOnce();
    if (keyOf(to, task.id)) return shown.setId(idWithCopy(task.id));
    const reason = why ?? (known ? text.saved.notListed(task.id ? 0 : seen().length) : text.saved.mayNotList);
    shown.setId(...(task.id ? [idWithCopy(task.id), " ", reason] : [reason]));
  };
  let isMarked = false;
  function markMadeOnce() {
    if (isMarked) return;
    isMarked = true;
    markMade(to, task.id);
  }
  task.draw();
  task.find(known ? text.saved.looking : undefined);
  if (!known) return;
  try {
    await loadKeys(api, access, { signal: step(words.findingId) });
  } catch (failure) {
    task.find(text.saved.notLooked(toApiError(failure, api).message));
  }
}

/** A create of which nobody heard the end: the list tells whether a key appeared. */
async function unheard(task, { api, step, access, known, error, description }) {
  task.isUnheard = true;
  if (error.file) {
    const shown = fileOf(error.file, {
      api,
      description,
      isBroken: true,
      onSaved: () => task.field.focus(),
    });
    task.result.append(shown.panel);
  }
  if (!known) return;
  task.watches.push(watchFor(task.to, known));
  task.isUncertain = true;
  task.notListed = undefined;
  try {
    await loadKeys(api, access, { signal: step(words.lookingAgain) });
  } catch (failure) {
    task.notListed = toApiError(failure, api).message;
  }
}

function offer(key, to) {
  const revoke = button(text.orphan.revoke, () => askRevoke(key, to), {
    class: "danger",
    "aria-label": text.orphan.revokeOf(text.keyName(key)),
  });
  return make(
    "li",
    { dataset: { id: key.id } },
    facts([
      [text.confirm.description, named(key.description)],
      [text.confirm.key, copyable(key.id, text.copy.idOf(text.keyName(key)))],
      [text.list.created, when(key.createTime, text.list.unknown)],
    ]),
    isHere(to) ? revoke : null,
  );
}

/** The keys without a file that a task's watches have seen. */
function orphansOf({ watches }) {
  const found = new Map(watches.flatMap((seen) => seen()).map((key) => [key.id, key]));
  return [...found.values()];
}

/** What is said of so many orphans. */
function orphanWords(task, count) {
  if (count > 0) return task.isUncertain ? text.orphan.found(count) : text.orphan.twice(count);
  if (task.notListed) return text.orphan.notListed(task.notListed);
  if (task.hadOrphans) return text.orphan.revoked;
  return task.isUncertain ? text.orphan.none : undefined;
}

/** Draws them, where they are others than before. */
export function drawOrphans(task) {
  const found = orphansOf(task);
  if (found.length > 0) task.hadOrphans = true;
  task.setTwice?.(found.length > 0);
  const drawn = JSON.stringify([isHere(task.to), found, task.isUncertain, task.notListed]);
  if (drawn === task.drawn) return;
  task.drawn = drawn;
  const said = orphanWords(task, found.length);
  task.orphans.replaceChildren(
    ...(said ? [make("p", { class: "certain" }, said)] : []),
    ...(found.length > 0 ? [make("ul", { class: "appeared" }, ...found.map((key) => offer(key, task.to)))] : []),
  );
}
