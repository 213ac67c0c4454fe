// A key file that arrived. Its panel stays, and the page asks before it is left, until the file is known to be safe.
import { copyButton, copyable } from "./copy.js";
import { byId, facts, make } from "./dom.js";
import { holdPage } from "./leave.js";
import { keyIn, masked, sameBytes } from "./secret.js";
import { text } from "./text.js";

const words = text.saved;

/** The key itself: copied whole, shown masked, and where it goes. */
function keyTools(file, api) {
  const shown = make("code", {}, text.secret.hidden);
  const said = make("p", { class: "hint", role: "status" });
  async function show() {
    try {
      shown.textContent = masked(await keyIn(file, api));
      said.textContent = "";
    } catch (error) {
      said.textContent = error.message;
    }
  }
  return make("div", { class: "secret" },
    make("p", {}, words.url.label, " ", make("code", {}, words.url.before, shown)),
    make("p", { class: "careful" }, words.url.warning),
    make("div", { class: "actions" },
      copyButton(() => keyIn(file, api), undefined, words.copyKey),
      make("button", { type: "button", class: "show", onclick: show }, words.showMasked)),
    said);
}

/** Compares a file on disk with the one that arrived. */
function checkTool(file) {
  const said = make("span", { class: "said", role: "status" });
  const input = make("input", { type: "file", accept: ".zip", "aria-label": words.check, onchange: check });
  async function check() {
    const [chosen] = input.files;
    if (!chosen) return;
    const same = await sameBytes(chosen, file).catch(() => false);
    said.textContent = same ? words.same : words.different;
    said.classList.toggle("wrong", !same);
  }
  return make("div", { class: "check" }, make("span", {}, words.check), input, said);
}

/**
 * Shows the panel of a file; `broken` is for bytes that are no whole key file but may be the only copy. `place` is the
 * file's name where its place was chosen. Answers `{ setId, setNote }`, for what is known later.
 */
export function showFile(file, { description, api, place, broken = false }) {
  const release = holdPage();
  const id = make("span", { class: "key-id", role: "status" }, broken ? "" : words.findingId);
  const note = make("p", { class: "note", role: "status" });
  const save = make("button", { type: "button", class: broken ? "primary" : "", onclick: () => api.saveFile(file) }, broken ? words.saveBroken : words.again);
  const done = make("button", { type: "button", class: broken ? "done" : "done primary", onclick: putAway }, words.done);
  const panel = make("li", { class: `panel ${broken ? "warn" : "good"}` },
    make("div", { role: "status" }, make("h3", {}, broken ? words.broken : words.title), make("p", { class: "certain" }, broken ? words.brokenAsk : words.ask), note),
    facts([
      [words.file, make("code", {}, place ?? file.name)],
      [words.size, text.bytes(file.size)],
      [words.description, description || words.untitled],
      [broken ? words.brokenAt : words.at, text.time(new Date())],
      [words.id, broken ? undefined : id],
    ], { class: "facts" }),
    broken ? null : keyTools(file, api),
    broken ? null : checkTool(file),
    make("div", { class: "actions" }, ...(broken ? [save, done] : [done, save])));

  function putAway() {
    release();
    panel.remove();
    byId("create-title").focus();
    document.dispatchEvent(new CustomEvent("keysaved", { detail: { file } }));
  }
  byId("keys").prepend(panel);
  return {
    setId: (known, why) => { id.replaceChildren(known ? copyable(known, text.copy.credentialId) : why); },
    setNote: (content) => { note.textContent = content; },
  };
}
