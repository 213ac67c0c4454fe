// Starts the page.
import { onAddress, showProject } from "./address.js";
import { notLoaded } from "./call.js";
import { swapCode } from "./code.js";
import { here, wireConnection } from "./connection.js";
import { byId, emit } from "./dom.js";
import { setValue, value, wireField, wireToken } from "./fields.js";
import "./guards.js";
import { wireList } from "./list.js";
import { wireQuestion } from "./question.js";
import { token } from "./session.js";
import { text } from "./text.js";

for (const id of ["endpoint", "projectId", "token", "credentialId", "answer"]) wireField(id);
wireToken();
// What was typed while the page loaded stays.
if (!value("endpoint") && location.protocol.startsWith("http")) setValue("endpoint", location.origin);
const list = wireConnection();
wireList();
wireQuestion();

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
// The first list does not wait for it.
const openSignIn = () => import("./sign-in.js").then(({ wireSignIn }) => wireSignIn(), notLoaded);
byId("way-sign-in").addEventListener("click", openSignIn, { once: true });
byId("way-sign-in").disabled = false;
byId("connection").querySelector("[type=submit]").disabled = false;
