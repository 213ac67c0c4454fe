// Starts the page.
import { onAddress } from "./address.js";
import { notLoaded } from "./call.js";
import { wireConnection } from "./connection.js";
import { byId, emit } from "./dom.js";
import { setValue, value, wireField, wireToken } from "./fields.js";
import "./guards.js";
import { wireList } from "./list.js";
import { wireQuestion } from "./question.js";

for (const id of ["endpoint", "projectId", "token", "credentialId", "answer"]) wireField(id);
wireToken();
// What was typed while the page loaded stays.
if (!value("endpoint") && location.protocol.startsWith("http")) setValue("endpoint", location.origin);
const list = wireConnection();
wireList();
wireQuestion();
onAddress((pairs) => {
  for (const [name, content] of Object.entries(pairs)) setValue(name, content);
  emit("context");
  if (pairs.token && value("projectId")) list();
});
byId("loading").remove();
// The first list does not wait for it.
const openSignIn = () => import("./sign-in.js").then(({ wireSignIn }) => wireSignIn(), notLoaded);
byId("way-sign-in").addEventListener("click", openSignIn, { once: true });
byId("way-sign-in").disabled = false;
byId("connection").querySelector("[type=submit]").disabled = false;
