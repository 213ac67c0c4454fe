// Revoking a key: the question that names what breaks, and what became of it, in one dialog.
import { TIMEOUT, caller } from "./call.js";
import { accessTo, here, isHere } from "./connection.js";
import { announce, byId, code, copyable, emit, facts, make, named, on } from "./dom.js";
import { errorPanel, panel, toApiError } from "./errors.js";
import { clearIssues, setValue, showIssues, value, wireField } from "./fields.js";
import { forget, isMissing, keyOf, loadKeys } from "./keys.js";
import { note } from "./log.js";
import { text } from "./text.js";
import { ago, moment, now, when } from "./when.js";

const words = text.confirm;
const TAIL = 6;
const RECENT = 7 * 86_400_000;
/** What the question is about: the key, and the project that it is in. */
let asked;

/** Whether the answer names the key: the end of its id, or its description. */
function names(answer, { id, description = "" }) {
  const given = answer.trim();
  return (
    given !== "" &&
    (given.toLowerCase() === id.slice(-TAIL).toLowerCase() || given === id || given === description.trim())
  );
}

/** Opens the question about a key of `to`, which the page must be about; only `id` need be known. */
export function askRevoke(key, to) {
  const dialog = byId("confirm");
  if (dialog.open || !isHere(to)) return;
  asked = { key, to };
  const isListed = key.isListed !== false;
  const used = moment(key.updateTime);
  byId("confirm-title").replaceChildren(
    ...(isListed && key.description?.trim()
      ? [words.title, "“", named(key.description), "”?"]
      : [words.title, words.idEnds(key.id.slice(-TAIL)), "?"]),
  );
  byId("confirm-facts").replaceWith(
    facts(
      [
        [words.description, isListed ? undefined : words.notListed],
        [words.key, code(key.id.slice(0, -TAIL), make("strong", {}, key.id.slice(-TAIL)))],
        [text.list.created, when(key.createTime)],
        [text.list.lastUsed, isListed ? when(key.updateTime, text.list.notUsed) : undefined],
        [words.project, code(to.projectId)],
        [words.endpoint, code(to.endpoint)],
      ],
      { id: "confirm-facts" },
    ),
  );
  byId("confirm-used").textContent = Date.now() - used < RECENT ? words.used(ago(used)) : "";
  dialog.classList.remove("answered");
  dialog.querySelector(".outcome").replaceChildren();
  byId("confirm-no").textContent = words.no;
  setValue("answer", "");
  clearIssues(["answer"]);
  dialog.showModal();
  byId("answer").focus();
}

function done(tone, title, what) {
  const { key, to } = asked;
  forget(to, key.id);
  if (value("credentialId").trim() === key.id) setValue("credentialId", "");
  byId("confirm").classList.add("answered");
  byId("confirm-no").textContent = words.close;
  note(what, to, key);
  emit("revoked", { to, id: key.id });
  return panel(
    tone,
    title,
    facts([
      [words.description, key.isListed === false ? undefined : named(key.description)],
      [words.key, copyable(key.id, text.copy.credentialId)],
      [words.project, code(to.projectId)],
      [words.at, now()],
    ]),
  );
}

async function revoke(api, step, access) {
  const { key, to } = asked;
  const isListed = key.isListed !== false;
  byId("confirm").classList.remove("refused");
  try {
    const signal = step(words.running);
    await api.deleteApiKey({ ...access, credentialId: key.id, retries: 2, signal, timeout: TIMEOUT });
    return done("good", words.done, "revoked");
  } catch (failure) {
    const error = toApiError(failure, api);
    // Something on the way may have said so: only the list tells whether the key is gone.
    const isSaidGone = error.status === 404 && isListed;
    if (error.status === 401) byId("confirm").classList.add("refused");
    if (error.outcome !== "unknown" && !isSaidGone) return errorPanel("revoke", error, { to });
    const signal = step(words.lookingAgain);
    const after = await loadKeys(api, access, { signal }).catch(() => undefined);
    if (after && isListed && isMissing(to, key.id))
      return isSaidGone ? done("calm", words.gone, "gone") : done("good", words.notThere, "revoked");
    const isThere = after?.some(({ id }) => id === key.id);
    if (!isThere) note("unsure", to, key);
    return errorPanel("revoke", error, {
      to,
      outcome: isSaidGone && !isThere ? "unknown" : error.outcome,
      special: isSaidGone && isThere ? { topics: { noKey: text.error.topics[404] } } : undefined,
      more: isThere ? make("p", { class: "certain" }, words.stillThere) : undefined,
    });
  }
}

/** Wires the question, and the form that takes any id. */
export function wireQuestion() {
  const dialog = byId("confirm");
  const form = byId("confirm-form");
  const run = caller(form);
  const isBusy = () => form.classList.contains("busy");
  function leave() {
    dialog.close();
    announce(words.closed);
  }
  for (const id of ["credentialId", "answer"]) wireField(id);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy() || dialog.classList.contains("answered")) return;
    if (!isHere(asked.to)) return leave();
    if (!names(value("answer"), asked.key)) return void showIssues([{ field: "answer", message: words.wrong }], form);
    clearIssues(["answer"]);
    const access = accessTo(asked.to);
    await run((api, step) => revoke(api, step, access));
    if (dialog.classList.contains("answered")) byId("confirm-no").focus();
    // On a small screen it is below what the question shows.
    else dialog.querySelector(".outcome").scrollIntoView({ block: "start" });
  });
  byId("confirm-no").addEventListener("click", () => {
    if (!isBusy()) dialog.close();
  });
  // Escape must not hide how a call ends.
  dialog.addEventListener("cancel", (event) => {
    if (isBusy()) event.preventDefault();
  });
  dialog.addEventListener("close", () => {
    if (isBusy()) return dialog.showModal();
    if (dialog.classList.contains("refused")) {
      dialog.classList.remove("refused");
      return emit("unauthorised", asked.to);
    }
    // What opened it may be gone with the key.
    if (document.activeElement === document.body || dialog.contains(document.activeElement)) byId("list-title").focus();
  });
  on("context", () => {
    if (!dialog.open || isBusy() || isHere(asked.to) || dialog.classList.contains("answered")) return;
    leave();
  });

  byId("revoke").addEventListener("submit", (event) => {
    event.preventDefault();
    clearIssues(["credentialId"]);
    const to = here();
    if (!to) return;
    // Asked here too, so that nobody is asked to confirm what cannot be done.
    if (!byId("credentialId").checkValidity())
      return void showIssues([{ field: "credentialId", message: words.badId }], byId("revoke"));
    const id = value("credentialId").trim();
    askRevoke(keyOf(to, id) ?? { id, isListed: false }, to);
  });
  byId("revoke").querySelector("[type=submit]").disabled = false;
}
