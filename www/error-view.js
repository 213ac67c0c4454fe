// An error in full: what happened, what is certain, what to do, and what support asks for.
import { networkCause } from "./cause.js";
import { copyButton, copyable } from "./copy.js";
import { facts, make } from "./dom.js";
import { showIssues, value } from "./fields.js";
import { report } from "./report.js";
import { text } from "./text.js";

const words = text.error;

/** Which of the texts of text.js is about this error. */
function topic(action, { kind, status }, endpoint) {
  if (kind === "network") return networkCause(endpoint) ?? "network";
  if (kind !== "http") return words.topics[kind] ? kind : "internal";
  if (status === 404 && action === "delete") return "noKey";
  return words.topics[status] ? status : status >= 500 ? "serverFailed" : "http";
}

const literal = (content) => (content === undefined ? undefined : make("code", {}, String(content)));

/** The package's errors as they are; anything else is a fault of the page, of which nothing is certain. */
export const toApiError = (error, { isApiKeyError }) =>
  isApiKeyError(error) ? error : { kind: "internal", outcome: "unknown", message: words.unforeseen };

function forSupport(action, error, to) {
  const shown = make(
    "pre",
    { tabIndex: 0, "aria-label": text.report.title },
    report(action, error, to, [value("token").trim()]),
  );
  return make(
    "details",
    { class: "report" },
    make("summary", {}, text.report.title),
    shown,
    copyButton(shown, undefined, text.report.copy),
  );
}

/**
 * The panel for an error of "list", "create" or "delete"; issues with a field go beside that field. `to` is what was
 * called; `outcome` what is certain where that is more than the error knows; `warning` and `more` are what must not be
 * overlooked, such as a key that may exist.
 */
export function errorPanel(action, error, { to, outcome = error.outcome, warning, more }) {
  const rest = showIssues(error.issues);
  const about = topic(action, error, to.endpoint);
  // The browser itself has blocked it.
  const certain = about === "csp" ? "not_sent" : outcome;
  const { title, hint } = words.topics[about];
  const tone = certain === "unknown" && action !== "list" ? "warn" : error.kind === "aborted" ? "calm" : "bad";
  return make(
    "section",
    { class: `panel ${tone}` },
    make(
      "div",
      { role: "alert" },
      make("h3", {}, title),
      make("p", { class: "certain" }, words.outcomes[action][certain]),
      warning && certain === "unknown" ? make("p", { class: "orphan" }, warning) : null,
      hint ? make("p", {}, hint) : null,
    ),
    more ?? null,
    rest.length > 0
      ? make("ul", {}, ...rest.map((issue) => make("li", {}, text.issue(issue.field, issue.message))))
      : null,
    facts(
      [
        [words.message, error.message],
        [words.status, literal(error.status)],
        [words.errorCode, literal(error.errorCode)],
        [words.errorMsg, error.errorMsg],
        [words.detail, error.detail],
        [words.code, literal(error.code)],
        [words.kind, literal(error.kind)],
        [words.requestId, error.requestId && copyable(error.requestId, text.copy.requestId)],
      ],
      { class: "facts" },
    ),
    forSupport(action, error, to),
  );
}
