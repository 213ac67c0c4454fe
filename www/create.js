// Making a key: a look at the list, one call, its file saved at once, and the list again for the new key's id.
import { TIMEOUT, caller } from "./call.js";
import { byId, make } from "./dom.js";
import { errorPanel, toApiError } from "./error-view.js";
import { clearIssues, connection, setValue, value } from "./fields.js";
import { findId, hand } from "./handover.js";
import { loadKeys, namesakes } from "./keys.js";
import { holdPage } from "./leave.js";
import { afterUnknown } from "./orphan.js";
import { canPick, pick } from "./picker.js";
import { showFile } from "./saved.js";
import { text } from "./text.js";

const words = text.create;
// The description that was warned about: the next click means it.
let warned;

const note = (tone, title, why) =>
  make(
    "section",
    { class: `panel ${tone}` },
    make("div", { role: "alert" }, make("h3", {}, title), make("p", { class: "certain" }, why)),
  );
const warnOfNamesakes = () => {
  byId("description-warning").textContent = namesakes(value("description")) ? words.namesake : "";
};

/** The keys before; nothing where the token may not list, which is no reason to make none. */
async function before(api, to, signal) {
  try {
    return await loadKeys(api, to, { signal });
  } catch (failure) {
    if (api.isApiKeyError(failure) && [403, 404, 405].includes(failure.status)) return undefined;
    throw failure;
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
    return note("warn", words.again, words.namesake);
  }
  say(words.running);
  const begun = new Date();
  const release = holdPage();
  try {
    // An empty description is another request than none.
    const file = await api.createApiKey({
      ...to,
      ...(description === "" ? {} : { description }),
      signal,
      timeout: TIMEOUT,
    });
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
    const said = note("calm", text.picker.none, text.error.outcomes.create.not_sent);
    return void byId("create").querySelector(".outcome").replaceChildren(said);
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
  byId("choose").addEventListener("click", () => {
    clearIssues();
    createAt(run);
  });
  byId("description").addEventListener("input", warnOfNamesakes);
}
