// The few helpers over the DOM that every module uses. Text goes in as text nodes alone: there is no HTML parsing.
import { text } from "./text.js";

/** The element with this id. */
export const byId = (id) => document.getElementById(id);

/** A new element with properties (`class`, `dataset`, events as `onclick`, attributes with a dash) and children. */
export function make(tag, properties = {}, ...children) {
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
}

/** A list of terms and values; pairs without a value are left out. */
export function facts(pairs, properties) {
  const present = pairs.filter(([, value]) => value !== undefined && value !== null && value !== "");
  return make(
    "dl",
    properties,
    ...present.map(([term, value]) => make("div", {}, make("dt", {}, term), make("dd", {}, value))),
  );
}

const lookUp = (path) => path.split(".").reduce((part, name) => part[name], text);

/** Puts the words of text.js where the HTML asks for them. */
export function fillTexts() {
  document.title = text.title;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = lookUp(element.dataset.text);
  for (const element of document.querySelectorAll("[data-label]"))
    element.setAttribute("aria-label", lookUp(element.dataset.label));
}
