// A button that copies a text.
import { make } from "./dom.js";
import { text } from "./text.js";

const SAID_FOR = 4000;

/**
 * A copy button. `source` is the element whose text is copied, or a function that gets the text at the click;
 * `label` says what is copied where `words`, which stand on the button, do not.
 */
export function copyButton(source, label, words = text.copy.button) {
  const said = make("span", { class: "said", role: "status" });
  const named = label ? { class: "small", "aria-label": label } : {};
  const button = make("button", { type: "button", ...named, onclick: copy }, words);
  let timer;

  async function copy() {
    try {
      const content = typeof source === "function" ? await source() : source.textContent;
      if (!navigator.clipboard) throw new Error(text.copy.unable);
      await navigator.clipboard.writeText(content);
      said.textContent = text.copy.done;
    } catch (error) {
      said.textContent = typeof source === "function" ? text.copy.failed(error.message) : text.copy.byHand;
      // Without a clipboard (plain http, or refused) the text is marked, ready for the keyboard.
      if (typeof source !== "function") getSelection().selectAllChildren(source);
    }
    clearTimeout(timer);
    timer = setTimeout(() => {
      said.textContent = "";
    }, SAID_FOR);
  }
  return make("span", { class: "copy" }, button, said);
}

/** A text as code, with a button that copies it. */
export function copyable(content, label) {
  const shown = make("code", {}, content);
  return make("span", { class: "with-copy" }, shown, copyButton(shown, label));
}
