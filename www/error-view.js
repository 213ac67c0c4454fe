// An error in full: what happened, what is certain, what to do, and what support asks for.
import { copyButton } from "./copy.js";
import { facts, make } from "./dom.js";
import { showIssues } from "./fields.js";
import { text } from "./text.js";

const words = text.error;

function title({ kind, status }) {
  if (kind !== "http") return words.titles[kind] ?? words.titles.internal;
  return words.statuses[status] ?? (status >= 500 ? words.serverFailed : words.titles.http);
}

function requestId(id) {
  if (!id) return undefined;
  const shown = make("code", {}, id);
  return make("span", { class: "with-copy" }, shown, copyButton(shown, text.copy.requestId));
}

const literal = (content) => (content === undefined ? undefined : make("code", {}, String(content)));

/** The package's errors as they are; anything else is a fault of the page, of which nothing is certain. */
export const toApiError = (error, { isApiKeyError }) =>
  isApiKeyError(error) ? error : { kind: "internal", outcome: "unknown", message: words.unforeseen };

/**
 * The panel for an error of "create" or "delete"; issues with a field go beside that field.
 * `warning` is what must not be overlooked, such as a key that may exist.
 */
export function errorPanel(action, error, warning) {
  const rest = showIssues(error.issues);
  const hint = error.kind === "http" ? words.hints[error.status] : undefined;
  const tone = error.outcome === "unknown" ? "warn" : error.kind === "aborted" ? "calm" : "bad";
  return make("section", { class: `panel ${tone}` },
    make("div", { role: "alert" },
      make("h3", {}, title(error)),
      make("p", { class: "certain" }, words.outcomes[action][error.outcome]),
      warning ? make("p", { class: "orphan" }, warning) : null,
      hint ? make("p", {}, hint) : null),
    rest.length > 0 ? make("ul", {}, ...rest.map((issue) => make("li", {}, text.issue(issue.field, issue.message)))) : null,
    facts([
      [words.message, error.message],
      [words.status, literal(error.status)],
      [words.errorCode, literal(error.errorCode)],
      [words.errorMsg, error.errorMsg],
      [words.detail, error.detail],
      [words.code, literal(error.code)],
      [words.kind, literal(error.kind)],
      [words.requestId, requestId(error.requestId)],
    ], { class: "facts" }));
}
