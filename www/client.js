// The package, loaded from beside this folder. Its absence is told in words, not as a dead page.
import { byId } from "./dom.js";
import { text } from "./text.js";

const loading = import("../pkg/browser.js").then(
  (api) => {
    // Early, so that the first click need not wait; a call tries again and tells what is wrong.
    api.init().catch(() => {});
    return api;
  },
  (error) => {
    byId("notice").textContent = text.packageMissing(error.message);
    byId("notice").hidden = false;
  },
);

/** The package's functions, or nothing when it could not be loaded: the page then says so at its top. */
export async function client() {
  const api = await loading;
  if (!api) byId("notice").scrollIntoView({ block: "center" });
  return api;
}
