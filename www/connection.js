// Which project the page is about: one value, which everything that is listed, offered or revoked carries and compares.
import { showProject } from "./address.js";
import { caller } from "./call.js";
import { announce, byId, emit, on } from "./dom.js";
import { errorPanel, toApiError } from "./errors.js";
import { clearIssues, setValue, showIssues, value } from "./fields.js";
import { hideKeys, loadKeys, same } from "./keys.js";
import { text } from "./text.js";

const words = text.connection;
const FIELDS = ["endpoint", "projectId", "token"];
const MAY_NOT_LIST = [403, 404, 405];

/** @typedef {{ readonly endpoint: string, readonly projectId: string }} Context a project at an endpoint */

/**
 * The project whose service has answered last.
 * @type {Context | undefined}
 */
let connected;
/** Since when the token is the one in the field. */
let since = new Date();

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
  return { ...to, token: value("token").trim() };
}

/** Where the endpoint is, in short. */
export const hostOf = ({ endpoint }) => (URL.canParse(endpoint) ? new URL(endpoint).host : endpoint);

function draw() {
  const to = here();
  const form = byId("connection");
  byId("where").hidden = !to;
  byId("back").hidden = !connected;
  if (!to) form.hidden = false;
  byId("change").setAttribute("aria-expanded", String(!form.hidden));
  document.title = to ? text.titleOf(to.projectId, hostOf(to)) : text.title;
  if (!to) return;
  byId("where-project").textContent = to.projectId;
  byId("where-host").textContent = hostOf(to);
  byId("where-token").textContent = words.since(since);
}

function unfold(isOpen) {
  byId("connection").hidden = !isOpen;
  draw();
}

function become(to) {
  connected = to;
  setValue("endpoint", to.endpoint);
  showProject(to.projectId);
  unfold(false);
  emit("context");
}

/** Lists with what is typed; the page is about that project once its service answered. */
async function connect(api, step) {
  const to = typed();
  try {
    await loadKeys(api, { ...to, token: value("token").trim() }, { signal: step(text.list.running) });
  } catch (failure) {
    const error = toApiError(failure, api);
    const panel = errorPanel("list", error, { to });
    if (!MAY_NOT_LIST.includes(error.status)) return panel;
    hideKeys(to);
    become(to);
    emit("listed", { panel });
    return;
  }
  become(to);
  emit("listed", {});
}

/** Lists the keys of `to` once more; answers the panel of an error. */
export async function listAnew(api, step, to) {
  try {
    await loadKeys(api, accessTo(to), { signal: step(text.list.running) });
  } catch (failure) {
    return errorPanel("list", toApiError(failure, api), { to });
  }
}

/** Wires the connection; answers the function that lists with what is typed. */
export function wireConnection() {
  const form = byId("connection");
  const run = caller(form);
  const list = () => {
    clearIssues(FIELDS);
    run(connect);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    list();
  });
  for (const name of ["endpoint", "projectId"])
    byId(name).addEventListener("input", () => {
      draw();
      emit("context");
    });
  for (const name of FIELDS)
    byId(name).addEventListener("input", () => form.querySelector(".outcome").replaceChildren());
  byId("token").addEventListener("input", () => {
    since = new Date();
    draw();
  });
  byId("change").addEventListener("click", () => {
    unfold(form.hidden);
    if (!form.hidden) byId("endpoint").focus();
  });
  byId("back").addEventListener("click", () => {
    clearIssues(FIELDS);
    setValue("endpoint", connected?.endpoint ?? "");
    setValue("projectId", connected?.projectId ?? "");
    form.querySelector(".outcome").replaceChildren();
    unfold(false);
    emit("context");
    byId("change").focus();
  });
  on("unauthorised", () => {
    unfold(true);
    showIssues([{ field: "token", message: words.refused }]);
  });
  on("connect", (to) => {
    setValue("endpoint", to.endpoint);
    setValue("projectId", to.projectId);
    unfold(true);
    emit("context");
    byId("token").focus();
    announce(words.tokenFor(to.projectId));
  });
  draw();
  return list;
}
