// Starts the page.
import { onAddress, showProject } from "./address.js";
import { swapCode } from "./code.js";
import { here, wireConnection } from "./connection.js";
import { byId, emit } from "./dom.js";
import { setValue, value, wireField, wireToken } from "./fields.js";
import "./guards.js";
import { wireSignIn } from "./sign-in.js";
import { wireList } from "./list.js";
import { wireQuestion } from "./question.js";
import { text } from "./text.js";

for (const id of ["endpoint", "projectId", "token", "credentialId", "answer"]) wireField(id);
wireToken();
// What was typed while the page loaded stays.
if (!value("endpoint") && location.protocol.startsWith("http")) setValue("endpoint", location.origin);
const list = wireConnection();
wireSignIn();
wireList();
wireQuestion();

/** @param {Record<string, string>} found what an address, or the service for its code, gives */
function receive({ code, ...pairs }) {
  const token = value("token").trim();
  // Nobody creates a key with a token, or in a project, that a link has put in place of theirs.
  if (token && pairs.token !== undefined && pairs.token.trim() !== token && !confirm(text.connection.replace)) {
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
byId("connection").querySelector("[type=submit]").disabled = false;
