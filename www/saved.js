// A key file that arrived: where it is saved, its key to copy, its check. The page asks before it is left until the file
// is known to be safe. The key in it is read at each click and kept nowhere.
import { announce, button, code, copyable, copyButton, facts, make, named } from "./dom.js";
import { panel } from "./errors.js";
import { holdPage } from "./guards.js";
import { text } from "./text.js";
import { now } from "./when.js";

const words = text.saved;
const SHOWN = 4;
const ID = /^[A-Za-z0-9_-]{36}$/;
const UUID_AT_END = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.zip$/i;
const isIdColumn = (name) => /(^|[^a-z])id$/i.test(name.trim());
const isKeyColumn = (name) => /key|secret|token/i.test(name) && !isIdColumn(name);

/** The ID of the key in a file, from its table or else its name; nothing where neither has one. */
export async function idIn(file, { readCredentials }) {
  const [row] = await readCredentials(file).catch(() => []);
  const ids = Object.entries(row ?? {}).filter(([name, cell]) => isIdColumn(name) && ID.test(cell));
  return ids.length === 1 ? ids[0][1] : UUID_AT_END.exec(file.name)?.[1];
}

/** The key's value, from the one column of `credential.csv` that can be it. */
async function keyIn(file, { readCredentials }) {
  const [row] = await readCredentials(file);
  const columns = Object.keys(row ?? {});
  const names = columns.length === 1 ? columns : columns.filter(isKeyColumn);
  if (names.length !== 1 || !row[names[0]]) throw new Error(text.secret.notFound);
  return row[names[0]];
}

/** A key of which only the ends are shown, and nothing at all of a short one. */
const masked = (key) =>
  key.length < 6 * SHOWN ? text.secret.dots : `${key.slice(0, SHOWN)}${text.secret.dots}${key.slice(-SHOWN)}`;

/** Whether two files have the same bytes. */
async function sameBytes(one, other) {
  if (one.size !== other.size) return false;
  const [a, b] = (await Promise.all([one.arrayBuffer(), other.arrayBuffer()])).map((buffer) => new Uint8Array(buffer));
  return a.every((byte, at) => byte === b[at]);
}

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
 * the file, `setId(content)`, `setTwice(isTwice)`: whether another key came of the same click, and `drop()`, which takes
 * the panel away.
 * @param {File} file
 * @param {{ api: any, description: string, place?: any, isBroken?: boolean, onSaved: () => void }} given
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
  function drop() {
    release();
    shown.remove();
  }
  const done = button(
    words.done,
    () => {
      drop();
      onSaved();
    },
    // A second click may fall on the next key's button, which has come to its place.
    { class: isBroken ? "done" : "done primary", dataset: { once: "" } },
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
    drop,
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
