// An error: what happened, what is certain, what to do; and under "Details" what support asks for.
import { copyButton, emit, make } from "./dom.js";
import { showIssues } from "./fields.js";
import { secrets, session } from "./session.js";
import { text } from "./text.js";

const words = text.error;
const FIELDS = ["message", "status", "errorCode", "errorMsg", "detail", "code", "kind", "requestId"];

// Tells apart what a browser calls one network error: no network, a policy of this page's, another origin's silence.
const blocked = new Set();
document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
  if (effectiveDirective === "connect-src" && URL.canParse(blockedURI)) blocked.add(new URL(blockedURI).origin);
});

/** `"offline"`, `"csp"`, `"cors"` (it can be no better than a guess), or `"network"` where nothing is known. */
function networkCause(endpoint) {
  if (!navigator.onLine) return "offline";
  if (!URL.canParse(endpoint, location.href)) return "network";
  const { origin } = new URL(endpoint, location.href);
  if (blocked.has(origin)) return "csp";
  return origin === location.origin ? "network" : "cors";
}

/** Which of the texts of text.js is about this error. */
function topic(action, { kind, status }, endpoint) {
  if (kind === "network") return networkCause(endpoint);
  if (kind !== "http") return words.topics[kind] ? kind : "internal";
  if (status === 404 && action === "revoke") return "noKey";
  if (status === 401 && action !== "signIn" && session()) return "sessionRefused";
  return words.topics[status] ? status : status >= 500 ? "serverFailed" : "http";
}

/** The package's errors as they are; anything else is a fault of the page, of which nothing is certain. */
export const toApiError = (error, { isApiKeyError }) =>
  isApiKeyError(error) ? error : { kind: "internal", outcome: "unknown", message: words.unforeseen };

/** What support asks for, as text, without anything that opens a door. */
function report(action, error, certain, to, secret) {
  const lines = [
    [words.report.time, new Date().toISOString()],
    [words.report.action, action],
    [words.report.endpoint, to.endpoint],
    [words.report.project, to.projectId],
    [words.report.outcome, certain],
    ...FIELDS.map((name) => [name, error[name]]),
    [words.report.browser, navigator.userAgent],
  ].filter(([, content]) => content !== undefined && content !== "");
  const whole = lines.map(([name, content]) => `${name}: ${content}`).join("\n");
  // Someone may have pasted it into another field.
  return secrets(secret).reduce((shown, it) => shown.replaceAll(it, words.report.redacted), whole);
}

function details(action, error, certain, to, secret) {
  const shown = make(
    "pre",
    { tabIndex: 0, translate: false, "aria-label": words.details },
    report(action, error, certain, to, secret),
  );
  return make(
    "details",
    { class: "report" },
    make("summary", {}, words.details),
    shown,
    copyButton(shown, undefined, words.report.copy),
  );
}

/**
 * A panel whose heading takes the focus: a title, and lines below it. The tones are `good`, `calm`, `warn` and `bad`.
 */
export const panel = (tone, title, ...content) =>
  make("section", { class: `panel ${tone}` }, make("h3", { tabIndex: -1 }, title), ...content);

/**
 * The panel for an error of "signIn", "list", "create" or "revoke"; issues with a field go beside that field, of the form
 * `within`. `to` is what was called; `outcome` what is certain where that is more than the error knows; `more` is what
 * must not be overlooked, such as a key that may exist; `secret` is what no field holds and no report may show;
 * `special` has the action's own topics and outcomes.
 * @param {"signIn" | "list" | "create" | "revoke"} action
 * @param {any} error
 * @param {{ to: import("./connection.js").Context, outcome?: string, within?: ParentNode, more?: Node | null, secret?: string, special?: any }} about
 */
export function errorPanel(action, error, { to, outcome = error.outcome, within, more, secret, special }) {
  const rest = showIssues(error.issues, within);
  const about = topic(action, error, to.endpoint);
  // The browser itself has blocked it.
  const certain = about === "csp" ? "not_sent" : outcome;
  const { title, hint } = special?.topics[about] ?? words.topics[about];
  const tone =
    certain === "unknown" && ["create", "revoke"].includes(action) ? "warn" : error.kind === "aborted" ? "calm" : "bad";
  // A list is one of what is typed, or is told of only where the page is about it.
  if (error.status === 401 && ["list", "create"].includes(action))
    queueMicrotask(() => emit("unauthorised", action === "create" ? to : undefined));
  return panel(
    tone,
    title,
    make("p", { class: "certain" }, (special?.outcomes ?? words.outcomes[action])[certain]),
    hint ? make("p", {}, hint) : null,
    rest.length > 0
      ? make("ul", {}, ...rest.map((issue) => make("li", {}, text.issue(issue.field, issue.message))))
      : null,
    more ?? null,
    details(action, error, certain, to, secret),
  );
}
