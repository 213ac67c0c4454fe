// What can be done with a key file that has arrived: copy its key, see where it goes, compare it with the saved one.
import { copyButton } from "./copy.js";
import { make } from "./dom.js";
import { keyIn, masked, sameBytes } from "./secret.js";
import { text } from "./text.js";

const words = text.saved;

/** The key itself: copied whole, shown masked, and where it goes. */
export function keyTools(file, api) {
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
  return make(
    "div",
    { class: "secret" },
    make("p", {}, words.url.label, make("code", { class: "url" }, words.url.before, shown)),
    make("p", { class: "careful" }, words.url.warning),
    make(
      "div",
      { class: "actions" },
      copyButton(() => keyIn(file, api), undefined, words.copyKey),
      make("button", { type: "button", class: "show", onclick: show }, words.showMasked),
    ),
    said,
  );
}

/** Compares a file on disk with the one that arrived. */
export function checkTool(file) {
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
