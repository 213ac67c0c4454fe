// A button that copies a text.
import { make } from "./dom.js";
import { text } from "./text.js";

const SAID_FOR = 2000;

/** A copy button for the text of `source`; `label` says what is copied. */
export function copyButton(source, label) {
  const said = make("span", { class: "said", role: "status" });
  const button = make("button", { type: "button", class: "small", "aria-label": label, onclick: copy }, text.copy.button);
  let timer;

  async function copy() {
    try {
      await navigator.clipboard.writeText(source.textContent);
      said.textContent = text.copy.done;
    } catch {
      // Without a clipboard (plain http, or refused) the text is marked, ready for the keyboard.
      getSelection().selectAllChildren(source);
      said.textContent = text.copy.byHand;
    }
    clearTimeout(timer);
    timer = setTimeout(() => { said.textContent = ""; }, SAID_FOR);
  }
  return make("span", { class: "copy" }, button, said);
}
