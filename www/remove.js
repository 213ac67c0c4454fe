// Revoking a key, once the question about it is answered; each state is reported where the question stood.
import { TIMEOUT, caller } from "./call.js";
import { copyable } from "./copy.js";
import { byId, facts, make } from "./dom.js";
import { errorPanel, toApiError } from "./error-view.js";
import { clearIssues, connection, setValue, showIssues, value } from "./fields.js";
import { forget, keyOf, loadKeys } from "./keys.js";
import { askDelete, asked, names } from "./question.js";
import { text } from "./text.js";

const words = text.confirm;

function done({ key, to }, title) {
  forget(key.id);
  if (value("credentialId").trim() === key.id) setValue("credentialId", "");
  byId("confirm").classList.add("answered");
  byId("confirm-no").textContent = words.close;
  document.dispatchEvent(new CustomEvent("keydeleted", { detail: { id: key.id } }));
  return make(
    "section",
    { class: "panel good" },
    make("div", { role: "status" }, make("h3", {}, title)),
    facts(
      [
        [words.key, copyable(key.id, text.copy.credentialId)],
        [words.project, make("code", {}, to.projectId)],
        [text.remove.at, text.time(new Date())],
      ],
      { class: "facts" },
    ),
  );
}

async function remove(api, signal, say) {
  const { key, to } = asked();
  // The token may be a newer one than the list's.
  const call = { ...to, token: connection().token };
  try {
    await api.deleteApiKey({ ...call, credentialId: key.id, retries: 2, signal, timeout: TIMEOUT });
    return done(asked(), text.remove.done);
  } catch (failure) {
    const error = toApiError(failure, api);
    if (error.status === 404) forget(key.id);
    if (error.outcome !== "unknown") return errorPanel("delete", error, { to });
    say(text.remove.lookingAgain);
    const after = await loadKeys(api, call, { signal: AbortSignal.timeout(TIMEOUT) }).catch(() => undefined);
    if (after && !keyOf(key.id) && key.listed !== false) return done(asked(), text.remove.gone);
    return errorPanel("delete", error, {
      to,
      more: keyOf(key.id) ? make("p", { class: "certain" }, text.remove.stillThere) : undefined,
    });
  }
}

/** Wires the question, and the form that takes any id. */
export function wireRemove() {
  const dialog = byId("confirm");
  const form = byId("confirm-form");
  const run = caller(form);
  const isBusy = () => form.classList.contains("busy");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy() || dialog.classList.contains("answered")) return;
    if (!names(value("answer"), asked().key)) return void showIssues([{ field: "answer", message: words.wrong }]);
    clearIssues(["answer"]);
    await run(text.remove.running, remove);
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
    if (isBusy()) dialog.showModal();
    // What opened it may be gone with the key.
    else if (document.activeElement === document.body || dialog.contains(document.activeElement))
      byId("list-title").focus();
  });

  byId("delete").addEventListener("submit", (event) => {
    event.preventDefault();
    clearIssues();
    // Asked here too, so that nobody is asked to confirm what can't be done.
    if (!byId("credentialId").checkValidity()) {
      showIssues([{ field: "credentialId", message: text.remove.credentialId.invalid }]);
      return;
    }
    const id = value("credentialId").trim();
    const { token, ...to } = connection();
    askDelete(keyOf(id) ?? { id, listed: false }, to);
  });
}
