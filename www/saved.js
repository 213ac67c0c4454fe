// A key file that arrived: where it is saved, its key to copy, its check. The page asks before it is left until the file
// is known to be safe.
import { copyButton, copyable } from "./copy.js";
import { announce, button, code, facts, make, named } from "./dom.js";
import { panel } from "./errors.js";
import { holdPage } from "./guards.js";
import { keyIn, masked, sameBytes } from "./secret.js";
import { text } from "./text.js";
import { now } from "./when.js";

const words = text.saved;

/** Whether this browser has a save dialog. */
export const canPick = () => typeof globalThis.showSaveFilePicker === "function";

/** Opens the save dialog; must be called soon after a click. */
export const pick = (suggestedName) =>
  globalThis.showSaveFilePicker({
    suggestedName,
    types: [{ description: text.picker.type, accept: { "application/zip": [".zip"] } }],
  });

/** Writes the file to the chosen place and looks whether it is all there. */
async function writeTo(place, file) {
  const stream = await place.createWritable();
  await stream.write(file);
  await stream.close();
  const written = await place.getFile();
  if (written.size !== file.size) throw new Error(text.picker.short(written.size, file.size));
}

/** The key itself: copied whole, shown masked, and where it goes. */
function keyTools(file, api) {
  const shown = code(text.secret.hidden);
  async function show() {
    shown.textContent = await keyIn(file, api).then(masked, (error) => error.message);
    announce(shown.textContent);
  }
  return make(
    "div",
    { class: "secret" },
    make("p", {}, words.url.label, make("code", { class: "url", translate: false }, words.url.before, shown)),
    make("p", { class: "careful" }, words.url.warning),
    make(
      "div",
      { class: "actions" },
      copyButton(() => keyIn(file, api), undefined, words.copyKey),
      button(words.showMasked, show, { class: "show" }),
    ),
  );
}

/** Compares a file on disk with the one that arrived. */
function checkTool(file) {
  const said = make("span", { class: "said" });
  const input = make("input", { type: "file", accept: ".zip", "aria-label": words.check, onchange: check });
  async function check() {
    const [chosen] = input.files;
    if (!chosen) return;
    const isSame = await sameBytes(chosen, file).catch(() => false);
    said.textContent = isSame ? words.same : words.different;
    said.classList.toggle("wrong", !isSame);
    announce(said.textContent);
  }
  return make("div", { class: "check" }, make("span", {}, words.check), input, said);
}

/**
 * The panel of a file; `isBroken` is for bytes that are no whole key file but may be the only copy. `place` is where it
 * was asked to go; `onSaved` is called when its reader says that it is safe. Answers the `panel`, `hand()`, which saves
 * the file, `setId(content)`, and `setTwice(isTwice)`: whether another key came of the same click.
 */
export function fileOf(file, { api, description, place, isBroken = false, onSaved }) {
  const release = holdPage();
  const id = make("span", { class: "key-id" });
  const notice = make("p", { class: "careful" });
  function download() {
    try {
      api.saveFile(file);
    } catch (error) {
      notice.textContent = words.notSaved(error.message);
      announce(notice.textContent);
    }
  }
  const save = button(isBroken ? words.saveBroken : words.again, download, {
    class: isBroken ? "save primary" : "save",
  });
  const done = button(
    words.done,
    () => {
      release();
      onSaved();
    },
    { class: isBroken ? "done" : "done primary" },
  );
  const shown = panel(
    isBroken ? "warn" : "good",
    isBroken ? words.broken : words.title,
    make("p", { class: "certain" }, isBroken ? words.brokenAsk : place ? words.askPlace(place.name) : words.ask),
    notice,
    facts([
      [words.file, code(place?.name ?? file.name)],
      [words.size, text.bytes(file.size)],
      [words.description, named(description)],
      [isBroken ? words.brokenAt : words.at, now()],
      [words.id, isBroken ? undefined : id],
    ]),
    ...(isBroken ? [] : [keyTools(file, api), checkTool(file)]),
    make("div", { class: "actions" }, ...(isBroken ? [save, done] : [done, save])),
  );
  return {
    panel: shown,
    setTwice: (isTwice) => {
      shown.classList.toggle("good", !isTwice);
      shown.classList.toggle("warn", isTwice);
      shown.querySelector("h3").textContent = isTwice ? words.twice : words.title;
    },
    setId: (...content) => id.replaceChildren(...content),
    hand: async () => {
      try {
        if (place) return await writeTo(place, file);
      } catch (error) {
        notice.textContent = text.picker.failed(error.message);
      }
      download();
    },
  };
}

/** The ID of a key with its copy button. */
export const idWithCopy = (id) => copyable(id, text.copy.credentialId);
