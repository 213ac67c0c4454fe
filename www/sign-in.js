// Signing in: from account, user and password to a session. The password leaves its field as the form is sent, and is kept nowhere.
import { TIMEOUT, caller, loadSignIn, show } from "./call.js";
import { connect } from "./connection.js";
import { button, byId, emit, make, on } from "./dom.js";
import { errorPanel, panel, toApiError } from "./errors.js";
import { clearIssues, setValue, showIssues, value, wireField } from "./fields.js";
import { session } from "./session.js";
import { words } from "./text-sign-in.js";

const FIELDS = ["account", "user", "password", "project", "iam", "userId", "code"];
/** Which field a status is about. */
const ABOUT = { 401: "password", 403: "project", 404: "project" };

/** What is typed, without what is secret. */
function typed() {
  const [account, user, project, iam, userId] = ["account", "user", "project", "iam", "userId"].map((id) =>
    value(id).trim(),
  );
  return { account, user, project, iam, userId: byId("mfa").checked ? userId : undefined };
}

/** What signing in would take away, in words: a token that was typed, or the session of another user or project. */
function lost({ account, user, project, iam }) {
  if (value("token").trim() !== "") return words.replace.token;
  const who = session();
  if (!who || who.expiresAt.getTime() <= Date.now()) return undefined;
  const isSame = who.account === account && who.user === user && who.iam === iam;
  return isSame && [who.project, who.projectId].includes(project) ? undefined : words.replace.session(who);
}

/** Takes the secrets out of their fields. */
function takeSecrets() {
  const secrets = { password: value("password"), code: value("code").trim() };
  setValue("password", "");
  setValue("code", "");
  return secrets;
}

async function signIn(api, step, asked, { password, code }) {
  const { account, user, project, iam, userId } = asked;
  const passcode = userId === undefined ? undefined : { userId, code };
  const signal = step(words.running);
  const entered = await api.signIn({
    endpoint: iam,
    account,
    user,
    password,
    project,
    passcode,
    signal,
    timeout: TIMEOUT,
  });
  const { projectId, expiresAt } = entered;
  return Object.freeze({ account, user, project, iam, projectId, expiresAt, token: await entered.token() });
}

/** Wires the form, and loads what it calls. */
export function wireSignIn() {
  loadSignIn();
  const form = byId("sign-in");
  const outcome = form.querySelector(".outcome");
  const submit = form.querySelector("[type=submit]");
  const run = caller(form, loadSignIn);
  // A panel's button goes with the panel, and the focus with it.
  const orderBelow = (words, act) =>
    button(
      words,
      () => {
        submit.focus();
        act();
      },
      { class: "small", dataset: { once: "" } },
    );

  function failed(error, { iam, project }, secret) {
    const shown = errorPanel("signIn", error, {
      to: { endpoint: iam, projectId: project },
      within: form,
      secret,
      special: words.error,
    });
    const field = ABOUT[error.status];
    if (field) showIssues([{ field, message: words.refused[field] }], form);
    return shown;
  }

  /** Lists as this session; where that fails, it is kept for another try with the button below. */
  async function list(api, step, who) {
    const shown = await connect(api, step, who);
    shown?.querySelector("details").before(
      make("p", {}, words.notListed),
      make(
        "div",
        { class: "actions" },
        orderBelow(words.listAgain, () => {
          emit("connecting", form);
          run((again, stepAgain) => list(again, stepAgain, who));
        }),
      ),
    );
    return shown;
  }

  function send() {
    clearIssues(FIELDS);
    const asked = typed();
    const secrets = takeSecrets();
    emit("connecting", form);
    run(async (api, step) => {
      let who;
      try {
        who = await signIn(api, step, asked, secrets);
      } catch (failure) {
        return failed(toApiError(failure, api), asked, secrets.password);
      } finally {
        // The list may take long.
        Object.assign(secrets, { password: "", code: "" });
      }
      return list(api, step, who);
    });
  }

  const ask = (what) =>
    panel(
      "warn",
      words.replace.title,
      make("p", { class: "certain" }, what),
      make("p", {}, words.replace.how),
      make("div", { class: "actions" }, orderBelow(words.replace.yes, send), orderBelow(words.replace.no, keep)),
    );

  function keep() {
    takeSecrets();
    outcome.replaceChildren();
    byId("account").focus();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.classList.contains("busy")) return;
    const what = lost(typed());
    if (what) show(outcome, ask(what));
    else send();
  });
  byId("mfa").addEventListener("change", () => {
    byId("mfa-fields").hidden = !byId("mfa").checked;
  });
  on("connecting", (by) => {
    if (by !== form) run.cancel();
  });
  for (const id of FIELDS) wireField(id);
  // The service and the relay answer at the page's own address.
  if (!value("iam") && location.protocol.startsWith("http")) setValue("iam", location.origin);
  // A reload may bring the tick back.
  byId("mfa-fields").hidden = !byId("mfa").checked;
  submit.disabled = false;
}
