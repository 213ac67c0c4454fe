// A key file that arrived. Its panel stays, and the page asks before it is left, until the file is known to be safe.
import { copyable } from "./copy.js";
import { byId, facts, make } from "./dom.js";
import { checkTool, keyTools } from "./key-tools.js";
import { holdPage } from "./leave.js";
import { text } from "./text.js";

const words = text.saved;

/**
 * Shows the panel of a file; `broken` is for bytes that are no whole key file but may be the only copy. `place` is the
 * file's name where its place was chosen. Answers `{ setId, setNote }`, for what is known later.
 */
export function showFile(file, { description, api, place, broken = false }) {
  const release = holdPage();
  const id = make("span", { class: "key-id", role: "status" }, broken ? "" : words.findingId);
  const note = make("p", { class: "note", role: "status" });
  const save = make(
    "button",
    { type: "button", class: broken ? "primary" : "", onclick: () => api.saveFile(file) },
    broken ? words.saveBroken : words.again,
  );
  const done = make(
    "button",
    { type: "button", class: broken ? "done" : "done primary", onclick: putAway },
    words.done,
  );
  const panel = make(
    "li",
    { class: `panel ${broken ? "warn" : "good"}` },
    make(
      "div",
      { role: "status" },
      make("h3", {}, broken ? words.broken : words.title),
      make("p", { class: "certain" }, broken ? words.brokenAsk : words.ask),
      note,
    ),
    facts(
      [
        [words.file, make("code", {}, place ?? file.name)],
        [words.size, text.bytes(file.size)],
        [words.description, description || words.untitled],
        [broken ? words.brokenAt : words.at, text.time(new Date())],
        [words.id, broken ? undefined : id],
      ],
      { class: "facts" },
    ),
    broken ? null : keyTools(file, api),
    broken ? null : checkTool(file),
    make("div", { class: "actions" }, ...(broken ? [save, done] : [done, save])),
  );

  function putAway() {
    release();
    panel.remove();
    byId("create-title").focus();
    document.dispatchEvent(new CustomEvent("keysaved", { detail: { file } }));
  }
  byId("keys").prepend(panel);
  return {
    setId: (known, why) => {
      id.replaceChildren(known ? copyable(known, text.copy.credentialId) : why);
    },
    setNote: (content) => {
      note.textContent = content;
    },
  };
}
