// Reading the fields, and saying what is wrong beside them.
import { byId } from "./dom.js";
import { text } from "./text.js";

/** The field's text. */
export const value = (id) => byId(id).value;

/** Fills a field and brings its counter up to date. */
export function setValue(id, content) {
  byId(id).value = content;
  count(id);
}

function count(id) {
  const counter = byId(`${id}-count`);
  if (!counter) return;
  // Code points, as the service counts them.
  const length = [...value(id)].length;
  const limit = Number(byId(id).dataset.limit);
  counter.replaceChildren(text.counted(length, limit));
  counter.classList.toggle("over", length > limit);
}

function say(id, message) {
  byId(`${id}-error`).textContent = message;
  if (message) byId(id).setAttribute("aria-invalid", "true");
  else byId(id).removeAttribute("aria-invalid");
}

/** Clears the complaints beside these fields. */
export function clearIssues(ids) {
  for (const id of ids) say(id, "");
}

/**
 * Shows each issue beside its field, of the form `within` where there are several, and focuses the first; returns those
 * that have no field here.
 * @param {readonly { field: string, message: string }[]} issues
 * @param {ParentNode} within
 */
export function showIssues(issues = [], within = document) {
  /** @type {(issue: { field: string }) => HTMLInputElement | null} */
  const field = (issue) =>
    within.querySelector(`input[name="${CSS.escape(issue.field)}"]`) ??
    document.querySelector(`#connect input[name="${CSS.escape(issue.field)}"]`);
  const known = new Set(issues.map(field).filter((input) => input !== null));
  for (const input of known) {
    const label = input.labels?.[0].textContent;
    const rules = issues.filter((issue) => field(issue) === input).map(({ message }) => text.issue(label, message));
    say(input.id, rules.join(" "));
  }
  const [first] = [...document.querySelectorAll("input")].filter((input) => known.has(input));
  first?.focus();
  return issues.filter((issue) => !field(issue));
}

/** Keeps the counter of a field, and lets a complaint go once the field is changed. */
export function wireField(id) {
  byId(id).addEventListener("input", () => {
    count(id);
    say(id, "");
  });
  count(id);
}

/** The button that shows the token. */
export function wireToken() {
  const show = byId("token-show");
  show.addEventListener("click", () => {
    const shown = byId("token").type === "password";
    byId("token").type = shown ? "text" : "password";
    show.setAttribute("aria-pressed", String(shown));
  });
}
