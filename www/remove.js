// Deleting a key by its id, after a question that a double click or a held Enter key can't answer.
import { TIMEOUT, caller } from "./call.js";
import { copyButton } from "./copy.js";
import { byId, facts, make } from "./dom.js";
import { errorPanel, toApiError } from "./error-view.js";
import { clearIssues, connection, setValue, showIssues, value } from "./fields.js";
import { text } from "./text.js";

async function remove(api, signal, options) {
  try {
    await api.deleteApiKey({ ...options, signal, timeout: TIMEOUT });
    setValue("credentialId", "");
    return donePanel(options.credentialId);
  } catch (failure) {
    return errorPanel("delete", toApiError(failure, api));
  }
}

function donePanel(id) {
  const shown = make("code", {}, id);
  return make("section", { class: "panel good" },
    make("div", { role: "status" }, make("h3", {}, text.remove.done)),
    facts([
      [text.confirm.key, make("span", { class: "with-copy" }, shown, copyButton(shown, text.copy.credentialId))],
      [text.remove.at, text.time(new Date())],
    ], { class: "facts" }));
}

/** Wires the form and its question. */
export function wireRemove() {
  const run = caller(byId("delete"));
  const dialog = byId("confirm");
  let asked;

  byId("delete").addEventListener("submit", (event) => {
    event.preventDefault();
    if (dialog.open || byId("delete").classList.contains("busy")) return;
    clearIssues();
    // Asked here too, so that nobody is asked to confirm what can't be done.
    if (!byId("credentialId").checkValidity()) {
      showIssues([{ field: "credentialId", message: text.remove.credentialId.invalid }]);
      return;
    }
    // Read once: what the question shows is what is deleted.
    asked = { ...connection(), credentialId: value("credentialId").trim() };
    byId("confirm-facts").replaceWith(facts([
      [text.confirm.key, make("code", {}, asked.credentialId)],
      [text.confirm.project, make("code", {}, asked.projectId)],
      [text.confirm.endpoint, make("code", {}, asked.endpoint)],
    ], { class: "facts", id: "confirm-facts" }));
    dialog.showModal();
  });
  byId("confirm-no").addEventListener("click", () => dialog.close());
  byId("confirm-yes").addEventListener("click", () => {
    const options = asked;
    asked = undefined;
    dialog.close();
    if (options) run(text.remove.running, (api, signal) => remove(api, signal, options));
  });
}
