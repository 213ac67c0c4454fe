// Making a key: a look at the list, one call, its file saved at once, and the list again for the new key's id.
import { TIMEOUT, caller } from "./call.js";
import { byId, make } from "./dom.js";
import { errorPanel, toApiError } from "./error-view.js";
import { clearIssues, connection, setValue, value } from "./fields.js";
import { appeared, loadKeys, markMade, namesakes } from "./keys.js";
import { holdPage } from "./leave.js";
import { afterUnknown } from "./orphan.js";
import { canPick, pick, writeTo } from "./picker.js";
import { showFile } from "./saved.js";
import { text } from "./text.js";

const words = text.create;
// The description that was warned about: the next click means it.
let warned;

const warnOfNamesakes = () => { byId("description-warning").textContent = namesakes(value("description")) ? words.namesake : ""; };

/** The keys before; nothing where the token may not list, which is no reason to make none. */
async function before(api, to, signal) {
  try {
    return await loadKeys(api, to, { signal });
  } catch (failure) {
    if (api.isApiKeyError(failure) && [403, 404, 405].includes(failure.status)) return undefined;
    throw failure;
  }
}

async function hand(file, place, panel, api) {
  try {
    if (place) return await writeTo(place, file);
  } catch (error) {
    panel.setNote(text.picker.failed(error.message));
  }
  api.saveFile(file);
}

async function findId(panel, api, to, known, description) {
  try {
    if (!known) throw new Error(text.saved.mayNotList);
    const fresh = appeared(known, await loadKeys(api, to, { signal: AbortSignal.timeout(TIMEOUT) }));
    const fitting = fresh.filter((key) => (key.description ?? "") === description);
    if (fitting.length !== 1) return panel.setId(undefined, text.saved.severalIds(fitting.length));
    panel.setId(fitting[0].id);
    markMade(fitting[0].id);
    return fitting[0];
  } catch (error) {
    panel.setId(undefined, text.saved.noId(error.message));
  }
}

async function create(api, signal, say, place) {
  const to = connection();
  const description = value("description");
  let known;
  try {
    known = await before(api, to, signal);
  } catch (failure) {
    const error = toApiError(failure, api);
    // The create itself tells of all the fields at once.
    if (error.kind !== "invalid_argument") return errorPanel("create", error, { to, outcome: "not_sent" });
  }
  if (namesakes(description) && warned !== description) {
    warned = description;
    warnOfNamesakes();
    return make("section", { class: "panel warn" }, make("div", { role: "alert" }, make("h3", {}, words.again), make("p", {}, words.namesake)));
  }
  say(words.running);
  const begun = new Date();
  const release = holdPage();
  try {
    // An empty description is another request than none.
    const file = await api.createApiKey({ ...to, ...(description === "" ? {} : { description }), signal, timeout: TIMEOUT });
    const panel = showFile(file, { description, api, place: place?.name });
    setValue("description", "");
    warned = undefined;
    warnOfNamesakes();
    await hand(file, place, panel, api);
    say(words.findingId);
    const key = await findId(panel, api, to, known, description);
    document.dispatchEvent(new CustomEvent("keymade", { detail: { file, key } }));
  } catch (failure) {
    const error = toApiError(failure, api);
    if (error.file) showFile(error.file, { description, api, broken: true });
    if (error.outcome !== "unknown") return errorPanel("create", error, { to });
    say(words.lookingAgain);
    return await afterUnknown(error, { api, to, known, description, begun });
  } finally {
    release();
  }
}

async function createAt(run) {
  let place;
  try {
    place = await pick();
  } catch {
    byId("create").querySelector(".outcome").replaceChildren(make("section", { class: "panel calm" }, make("div", { role: "alert" }, make("h3", {}, text.picker.none), make("p", { class: "certain" }, text.error.outcomes.create.not_sent))));
    return;
  }
  // The place was asked for once: a warning must not ask for it again.
  warned = value("description");
  run(words.looking, (api, signal, say) => create(api, signal, say, place));
}

/** Wires the form. */
export function wireCreate() {
  const run = caller(byId("create"));
  byId("create").addEventListener("submit", (event) => {
    event.preventDefault();
    clearIssues();
    run(words.looking, create);
  });
  byId("choose").hidden = !canPick();
  byId("choose").addEventListener("click", () => { clearIssues(); createAt(run); });
  byId("description").addEventListener("input", warnOfNamesakes);
}
