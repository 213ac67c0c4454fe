// A key file that arrived. Its panel stays, and the page asks before it is left, until the file is known to be safe.
import { byId, facts, make } from "./dom.js";
import { holdPage } from "./leave.js";
import { text } from "./text.js";

const words = text.saved;

/** Shows the panel of a file; `broken` is for bytes that are no whole key file but may be the only copy. */
export function showFile(file, { description, saveFile, broken = false }) {
  const release = holdPage();
  const save = make("button", { type: "button", class: broken ? "primary" : "", onclick: () => saveFile(file) }, broken ? words.saveBroken : words.again);
  const done = make("button", { type: "button", class: broken ? "done" : "done primary", onclick: putAway }, words.done);
  const title = make("h3", { tabIndex: -1 }, broken ? words.broken : words.title);
  const panel = make("li", { class: `panel ${broken ? "warn" : "good"}` },
    make("div", { role: "status" }, title, make("p", { class: "certain" }, broken ? words.brokenAsk : words.ask)),
    facts([
      [words.file, make("code", {}, file.name)],
      [words.size, text.bytes(file.size)],
      [words.description, description || words.untitled],
      [broken ? words.brokenAt : words.at, text.time(new Date())],
    ], { class: "facts" }),
    make("div", { class: "actions" }, ...(broken ? [save, done] : [done, save])));

  function putAway() {
    release();
    panel.remove();
    byId("create-title").focus();
  }
  byId("keys").prepend(panel);
}
