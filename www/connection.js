// Which project the page is about: one value, which everything that is listed, offered or revoked carries and compares.
import { showProject } from "./address.js";
import { caller } from "./call.js";
import { announce, byId, emit, on } from "./dom.js";
import { errorPanel, toApiError } from "./errors.js";
import { clearIssues, setValue, showIssues, value } from "./fields.js";
import { hideKeys, loadKeys, same } from "./keys.js";
import { callAs, session, token } from "./session.js";
import { text } from "./text.js";

const words = text.connection;
const FIELDS = ["endpoint", "projectId", "token"];
/**
 * The ways to get a token: a form, and the button that shows it.
 * @type {["connection" | "sign-in", string][]}
 */
const WAYS = [
  ["connection", "way-token"],
  ["sign-in", "way-sign-in"],
];
const MAY_NOT_LIST = [403, 404, 405];

/** @typedef {{ readonly endpoint: string, readonly projectId: string }} Context a project at an endpoint */

/**
 * The project whose service has answered last.
 * @type {Context | undefined}
 */
let connected;
/** Since when the token is the one in the field. */
let since = new Date();
/** The typed token that the page has last called with, and since when it was the one in the field. */
let lastUsed = { typed: "", since };

/** The endpoint as one text, however it was typed. */
function plain(endpoint) {
  const typed = endpoint.trim();
  return URL.canParse(typed) ? new URL(typed).href.replace(/\/+$/, "") : typed.replace(/(?<=.)\/+$/, "");
}

const typed = () => Object.freeze({ endpoint: plain(value("endpoint")), projectId: value("projectId").trim() });

/** What the page is about, `{ endpoint, projectId }`; nothing while the fields name something else. */
export const here = () => (same(connected, typed()) ? connected : undefined);

/** Whether this is what the page is about. */
export const isHere = (to) => same(to, here());

/** What a call to `to` needs. It fails where the page is about something else: its token is not that one's. */
export function accessTo(to) {
  if (!isHere(to)) throw new Error("The page is about another project.");
  lastUsed = { typed: value("token"), since };
  return { ...to, token: token() };
}

/** Where the endpoint is, in short. */
export const hostOf = ({ endpoint }) => (URL.canParse(endpoint) ? new URL(endpoint).host : endpoint);

function draw() {
  const to = here();
  const card = byId("connect");
  byId("where").hidden = !to;
  for (const back of card.querySelectorAll(".back")) back.hidden = !connected;
  if (!to) card.hidden = false;
  byId("change").setAttribute("aria-expanded", String(!card.hidden));
  document.title = to ? text.titleOf(to.projectId, hostOf(to)) : text.title;
  if (!to) return;
  byId("where-project").textContent = to.projectId;
  byId("where-host").textContent = hostOf(to);
  const who = session();
  byId("where-token").textContent = who ? text.session.who(who) : words.since(since);
}

function unfold(isOpen) {
  byId("connect").hidden = !isOpen;
  draw();
}

/** Shows the form of one way to get a token. */
function goBy(/** @type {"connection" | "sign-in"} */ way) {
  for (const [form, button] of WAYS) {
    byId(form).hidden = form !== way;
    byId(button).setAttribute("aria-pressed", String(form === way));
  }
  // The field stands above both forms, and Enter in it submits the one that is shown.
  byId("endpoint").setAttribute("form", way);
}

const isSignIn = () => !byId("sign-in").hidden;

/** Opens the form by which the page has got its token. */
function reopen() {
  goBy(session() ? "sign-in" : "connection");
  unfold(true);
}

/** @param {Context} to @param {import("./session.js").Session} [who] */
function become(to, who) {
  connected = to;
  callAs(who);
  if (who) setValue("token", "");
  lastUsed = { typed: value("token"), since };
  setValue("endpoint", to.endpoint);
  setValue("projectId", to.projectId);
  showProject(to.projectId);
  unfold(false);
  emit("context");
}

/**
 * Lists the project of this session, without one that which is typed, with the typed token. The page is about that
 * project, as that user, once its service answered.
 * @param {any} api
 * @param {(label: string) => AbortSignal} step
 * @param {import("./session.js").Session} [who]
 */
export async function connect(api, step, who) {
  const asked = typed();
  const given = value("token").trim();
  // What is typed while the call runs is about another one.
  const isAsked = () => who !== undefined || (same(asked, typed()) && given === value("token").trim());
  const to = who ? Object.freeze({ ...asked, projectId: who.projectId }) : asked;
  try {
    await loadKeys(api, { ...to, token: who?.token ?? given }, { signal: step(text.list.running) });
  } catch (failure) {
    if (!isAsked()) return;
    const error = toApiError(failure, api);
    const panel = errorPanel("list", error, { to });
    if (!MAY_NOT_LIST.includes(error.status)) return panel;
    hideKeys(to);
    become(to, who);
    emit("listed", { panel });
    return;
  }
  if (!isAsked()) return;
  become(to, who);
  emit("listed", {});
}

/** Lists the keys of `to` once more; answers the panel of an error, unless the page is about something else by then. */
export async function listAnew(api, step, to) {
  try {
    await loadKeys(api, accessTo(to), { signal: step(text.list.running) });
  } catch (failure) {
    return isHere(to) ? errorPanel("list", toApiError(failure, api), { to }) : undefined;
  }
}

/** Wires the connection; answers the function that lists with what is typed. */
export function wireConnection() {
  const form = byId("connection");
  const run = caller(form);
  const list = () => {
    // An address brings a token while the form is folded, too.
    goBy("connection");
    unfold(true);
    clearIssues(FIELDS);
    emit("connecting", form);
    run.cancel().finally(() => run((api, step) => connect(api, step)));
  };
  // The newest order to connect stands.
  on("connecting", (by) => {
    if (by !== form) run.cancel();
  });
  on("context", run.cancel);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!form.classList.contains("busy")) list();
  });
  for (const name of ["endpoint", "projectId"])
    byId(name).addEventListener("input", () => {
      draw();
      emit("context");
    });
  const clearOutcomes = () => {
    for (const outcome of byId("connect").querySelectorAll(".outcome")) outcome.replaceChildren();
  };
  for (const name of FIELDS) byId(name).addEventListener("input", clearOutcomes);
  byId("token").addEventListener("input", () => {
    run.cancel();
    since = new Date();
    draw();
  });
  for (const [way, button] of WAYS) byId(button).addEventListener("click", () => goBy(way));
  byId("change").addEventListener("click", () => {
    if (!byId("connect").hidden) return unfold(false);
    reopen();
    byId("endpoint").focus();
  });
  for (const back of byId("connect").querySelectorAll(".back"))
    back.addEventListener("click", () => {
      clearIssues(FIELDS);
      setValue("endpoint", connected?.endpoint ?? "");
      setValue("projectId", connected?.projectId ?? "");
      // A token that was typed for another endpoint must not go to this one.
      setValue("token", lastUsed.typed);
      since = lastUsed.since;
      clearOutcomes();
      unfold(false);
      emit("context");
      byId("change").focus();
    });
  on("unauthorised", (to) => {
    if (to && !isHere(to)) return;
    if (byId("connect").hidden) reopen();
    const issue = isSignIn()
      ? { field: "password", message: text.session.refused }
      : { field: "token", message: words.refused };
    showIssues([issue], byId("connect"));
  });
  on("connect", (to) => {
    setValue("endpoint", to.endpoint);
    setValue("projectId", to.projectId);
    reopen();
    emit("context");
    if (!session()) {
      byId("token").focus();
      return announce(words.tokenFor(to.projectId));
    }
    setValue("project", to.projectId);
    byId("password").focus();
    announce(text.session.signInTo(to.projectId));
  });
  on("renew", () => {
    goBy("sign-in");
    unfold(true);
    byId("password").focus();
  });
  draw();
  return list;
}
