// Reading the fields, and saying what is wrong beside them.
import { byId } from "./dom.js";
import { text } from "./text.js";

const NAMES = ["endpoint", "projectId", "token", "description", "credentialId", "answer"];

/** The field's text. */
export const value = (name) => byId(name).value;

/** What every call needs. */
export const connection = () => ({
  endpoint: value("endpoint").trim(),
  projectId: value("projectId").trim(),
  token: value("token"),
});

/** Fills a field and brings its counter up to date. */
export function setValue(name, content) {
  byId(name).value = content;
  count(name);
}

function count(name) {
  const counter = byId(`${name}-count`);
  if (!counter) return;
  // Code points, as the service counts them.
  const length = [...value(name)].length;
  const limit = Number(byId(name).dataset.limit);
  counter.replaceChildren(text.counted(length, limit));
  counter.classList.toggle("over", length > limit);
}

function say(name, message) {
  byId(`${name}-error`).textContent = message;
  if (message) byId(name).setAttribute("aria-invalid", "true");
  else byId(name).removeAttribute("aria-invalid");
}

/** Clears the complaints beside these fields. */
export function clearIssues(names = NAMES) {
  for (const name of names) say(name, "");
}

/** Shows each issue beside its field and focuses the first; returns those that have no field here. */
export function showIssues(issues = []) {
  const known = NAMES.filter((name) => issues.some((issue) => issue.field === name));
  for (const name of known) {
    const label = document.querySelector(`label[for="${name}"]`).textContent;
    say(
      name,
      issues
        .filter((issue) => issue.field === name)
        .map((issue) => text.issue(label, issue.message))
        .join(" "),
    );
  }
  if (known.length > 0) byId(known[0]).focus();
  return issues.filter((issue) => !NAMES.includes(issue.field));
}

/** Counters, the token's show button, and complaints that go away when the field is mended. */
export function wireFields() {
  for (const name of NAMES) {
    byId(name).addEventListener("input", () => {
      count(name);
      say(name, "");
    });
    count(name);
  }
  const show = byId("token-show");
  show.addEventListener("click", () => {
    const shown = byId("token").type === "password";
    byId("token").type = shown ? "text" : "password";
    show.setAttribute("aria-pressed", String(shown));
  });
}
