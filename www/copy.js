// A button that copies a text.
import { announce, code, make } from "./dom.js";
import { text } from "./text.js";

const SAID_FOR = 4000;

/**
 * A copy button. `source` is the element whose text is copied, or a function that gets the text at the click;
 * `label` says what is copied where `words`, which stand on the button, do not.
 */
export function copyButton(source, label, words = text.copy.button) {
  const said = make("span", { class: "said", "aria-hidden": "true" });
  const named = label ? { class: "small", "aria-label": label } : {};
  const button = make("button", { type: "button", ...named, onclick: copy }, words);
  const isSecret = typeof source === "function";
  let timer;

  async function copy() {
    let outcome = text.copy.done;
    try {
      const content = isSecret ? await source() : source.textContent;
      if (!navigator.clipboard) throw new Error(text.copy.unable);
      await navigator.clipboard.writeText(content);
    } catch (error) {
      outcome = isSecret ? text.copy.failed(error.message) : text.copy.byHand;
      // Without a clipboard (plain http, or refused) the text is marked, ready for the keyboard.
      if (!isSecret) getSelection()?.selectAllChildren(source);
    }
    said.textContent = outcome;
    said.classList.toggle("wrong", outcome !== text.copy.done);
    announce(outcome);
    clearTimeout(timer);
    // What failed stays to be read.
    if (outcome === text.copy.done)
      timer = setTimeout(() => {
        said.textContent = "";
      }, SAID_FOR);
  }
  return make("span", { class: "copy" }, button, said);
}

/** A text as code, with a button that copies it. */
export function copyable(content, label) {
  const shown = code(content);
  return make("span", { class: "with-copy" }, shown, copyButton(shown, label));
}
