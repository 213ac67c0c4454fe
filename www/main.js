// Starts the page.
import { onAddress, showProject } from "./address.js";
import { notLoaded } from "./call.js";
import { here, wireConnection } from "./connection.js";
import { byId, emit, on } from "./dom.js";
import { setValue, value, wireField, wireToken } from "./fields.js";
import "./guards.js";
import { wireList } from "./list.js";
import { token } from "./session.js";
import { text } from "./text.js";

for (const id of ["endpoint", "projectId", "token"]) wireField(id);
wireToken();
// What was typed while the page loaded stays.
if (!value("endpoint") && location.protocol.startsWith("http")) setValue("endpoint", location.origin);
const list = wireConnection();
wireList();

/**
 * Gives `{ token, projectId }` for a code. The service takes each code once, so that an address which a browser keeps in
 * its history opens nothing. Rejects where the code was used or is too old, or where no service answers.
 */
async function swapCode(code) {
  const answer = await fetch("/demo/session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ code }),
    cache: "no-store",
    credentials: "omit",
    redirect: "error",
  });
  if (answer.status !== 200) throw new Error(`status ${answer.status}`);
  const session = await answer.json();
  return { token: session.token, projectId: session.project_id };
}

/** @param {Record<string, string>} found what an address, or the service for its code, gives */
function receive({ code, ...pairs }) {
  const inUse = token();
  // Nobody creates a key with a token, or in a project, that a link has put in place of theirs.
  if (inUse && pairs.token !== undefined && pairs.token.trim() !== inUse && !confirm(text.connection.replace)) {
    showProject(here()?.projectId ?? "");
    return;
  }
  for (const [name, content] of Object.entries(pairs)) setValue(name, content);
  emit("context");
  if (pairs.token && value("projectId")) list();
  if (code)
    swapCode(code).then(receive, () => {
      byId("notice").textContent = text.codeUsed;
    });
}

onAddress(receive);
byId("loading").remove();
// What acts on a key loads while the keys are listed, in as many files as a browser asks for beside that.
const actions = Promise.all([
  import("./task.js"),
  import("./question.js"),
  import("./create.js"),
  import("./saved.js"),
  import("./log.js"),
]);
on("task", ({ to, old }) => actions.then(([{ startTask }]) => startTask(to, old), notLoaded));
on("question", ({ key, to }) => actions.then(([, { askRevoke }]) => askRevoke(key, to), notLoaded));
actions.then(([, { wireQuestion }]) => wireQuestion(), notLoaded);
// The first list does not wait for it.
const openSignIn = () => import("./sign-in.js").then(({ wireSignIn }) => wireSignIn(), notLoaded);
byId("way-sign-in").addEventListener("click", openSignIn, { once: true });
byId("way-sign-in").disabled = false;
byId("connection").querySelector("[type=submit]").disabled = false;
