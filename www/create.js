// Making a key: one call, its file saved at once.
import { TIMEOUT, caller } from "./call.js";
import { byId } from "./dom.js";
import { errorPanel, toApiError } from "./error-view.js";
import { clearIssues, connection, setValue, value } from "./fields.js";
import { holdPage } from "./leave.js";
import { showFile } from "./saved.js";
import { text } from "./text.js";

function warning(error, description, begun) {
  if (error.outcome !== "unknown") return undefined;
  return error.file ? text.error.orphanHere : text.error.orphan(description, begun);
}

async function create(api, signal) {
  const options = { ...connection(), signal, timeout: TIMEOUT };
  const description = value("description");
  // An empty description is another request than none.
  if (description !== "") options.description = description;
  const begun = new Date();
  const release = holdPage();
  try {
    const file = await api.createApiKey(options);
    showFile(file, { description, saveFile: api.saveFile });
    api.saveFile(file);
    setValue("description", "");
  } catch (failure) {
    const error = toApiError(failure, api);
    if (error.file) showFile(error.file, { description, saveFile: api.saveFile, broken: true });
    return errorPanel("create", error, warning(error, description, begun));
  } finally {
    release();
  }
}

/** Wires the form. */
export function wireCreate() {
  const run = caller(byId("create"));
  byId("create").addEventListener("submit", (event) => {
    event.preventDefault();
    clearIssues();
    run(text.create.running, create);
  });
}
