// Starts the page.
import { onAddress } from "./address.js";
import "./client.js";
import { wireCreate } from "./create.js";
import { byId, fillTexts } from "./dom.js";
import { setValue, wireFields } from "./fields.js";
import "./once.js";
import { wireRemove } from "./remove.js";

fillTexts();
wireFields();
setValue("endpoint", location.origin);
onAddress((pairs) => pairs.forEach(([name, content]) => setValue(name, content)));
wireCreate();
wireRemove();
byId("fallback").remove();
byId("page").hidden = false;
