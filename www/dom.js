// The few helpers that every module uses. Text goes in as text nodes only: there is no HTML parsing.
import { text } from "./text.js";

const events = new EventTarget();
/** How many milliseconds a button says that it has copied. */
const SAID_FOR = 4000;

/**
 * The element with this id.
 * @type {(id: string) => any}
 */
export const byId = (id) => document.getElementById(id);

/**
 * Calls `act` with the detail of each event of this type, until `signal` aborts: `"context"`, `"keys"`, `"revoked"`,
 * `"unauthorised"`, `"connect"`, `"connecting"`, `"listed"`, `"renew"`, `"task"`, `"question"`.
 * @type {(type: string, act: (detail: any) => void, signal?: AbortSignal) => void}
 */
export const on = (type, act, signal) =>
  events.addEventListener(type, (/** @type {any} */ { detail }) => act(detail), { signal });

/**
 * Tells all who listen.
 * @type {(type: string, detail?: any) => boolean}
 */
export const emit = (type, detail) => events.dispatchEvent(new CustomEvent(type, { detail }));

/** Has a screen reader say this, once; what gets the focus is read out without it. */
export function announce(words) {
  byId("said").replaceChildren(words);
}

/**
 * A new element with properties (`class`, `dataset`, events as `onclick`, attributes with a dash) and children.
 * @type {(tag: string, properties?: Record<string, any>, ...children: any[]) => any}
 */
export const make = (tag, properties = {}, ...children) => {
  /** @type {any} */
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") element.className = value;
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
};

/** A button; `properties` as for `make`. */
export const button = (words, onclick, properties = {}) =>
  make("button", { type: "button", onclick, ...properties }, words);

/** A list of terms and values; pairs without a value are left out. */
export function facts(pairs, properties = {}) {
  const present = pairs.filter(([, value]) => value !== undefined && value !== null && value !== "");
  return make(
    "dl",
    { class: "facts", ...properties },
    ...present.map(([term, value]) => make("div", {}, make("dt", {}, term), make("dd", {}, value))),
  );
}

/** An id, a key or a file's name, which no translator may touch. */
export const code = (...content) => make("code", { translate: false }, ...content);

/** A description as text in which nothing is hidden; without one, says so. */
export function plainName(description = "") {
  if (description === "") return text.untitled;
  if (description.trim() === "") return text.blank;
  return text.visible(description);
}

/** The same as an element that keeps its blanks and its direction to itself. */
export const named = (description = "") =>
  make("bdi", { class: description.trim() ? "name" : "name untitled", translate: false }, plainName(description));

/**
 * A copy button. `source` is the element whose text is copied, or a function that gets the text at the click;
 * `label` says what is copied where `words`, which stand on the button, do not.
 */
export function copyButton(source, label, words = text.copy.button) {
  const said = make("span", { class: "said", "aria-hidden": "true" });
  const press = button(words, copy, label ? { class: "small", "aria-label": label } : {});
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
  return make("span", { class: "copy" }, press, said);
}

/** A text as code, with a button that copies it. */
export function copyable(content, label) {
  const shown = code(content);
  return make("span", { class: "with-copy" }, shown, copyButton(shown, label));
}
