// Starts the page.
import { onAddress } from "./address.js";
import "./client.js";
import { wireCreate } from "./create.js";
import { byId, fillTexts } from "./dom.js";
import { connection, setValue, wireFields } from "./fields.js";
import { forgetAll } from "./keys.js";
import { wireList } from "./list.js";
import "./once.js";
import { wireRemove } from "./remove.js";
import { wireRotate } from "./rotate.js";

fillTexts();
wireFields();
setValue("endpoint", location.origin);
wireCreate();
wireRemove();
wireRotate();
const listKeys = wireList();
for (const name of ["endpoint", "projectId"]) byId(name).addEventListener("input", forgetAll);
onAddress((pairs) => {
  for (const [name, content] of pairs) setValue(name, content);
  if (pairs.length === 0) return;
  forgetAll();
  if (connection().token && connection().projectId) listKeys();
});
byId("fallback").remove();
byId("page").hidden = false;
