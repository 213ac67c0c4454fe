// Signing in on the page: the password is sent once and is nowhere afterwards, and the header says who calls.
import assert from "node:assert/strict";
import { Key } from "selenium-webdriver";
import { ACCOUNT, CODE, GUARDED, PASSWORD, PROJECTS, USER, USER_ID } from "./iam.js";
import { look } from "./looks.js";
import {
  FORM,
  PANEL,
  assertQuiet,
  calls,
  catchCopies,
  click,
  connectTo,
  errorOf,
  fill,
  find,
  findAll,
  focused,
  idle,
  open,
  run,
  tabTo,
  textOf,
  visible,
} from "./page.js";
import { OTHER, PROJECT, TOKEN, clearDownloads, eventually, rows, world } from "./world.js";

const DAY = 86_400_000;
const TOKENS = "/v3/auth/tokens?nocatalog=true";
const fieldValue = async (id) => (await find(`#${id}`)).getAttribute("value");
const isShown = async (css) => (await find(css)).isDisplayed();
const signIns = () => calls().filter(({ path }) => path === TOKENS);
const type = (...keys) =>
  world.driver
    .actions()
    .sendKeys(...keys)
    .perform();

/** Opens the form, and waits until its script is there. */
async function openSignIn() {
  await click("#way-sign-in");
  await visible("#sign-in [type=submit]:enabled");
}

async function fillForm({ account = ACCOUNT, user = USER, project = PROJECTS[0], password = PASSWORD } = {}) {
  for (const [id, content] of Object.entries({ account, user, project, password })) await fill(id, content);
}

async function send() {
  await click("#sign-in [type=submit]");
  await idle("sign-in");
}

/** Opens the page without a token and signs in. */
async function signedIn() {
  await open("");
  await openSignIn();
  await fillForm();
  await send();
  await visible("#keys");
}

/** Types an address while the page is open, and gives this answer to the browser's question. */
async function answerTo(fragment, answer) {
  // Later, so that the driver is not in the middle of a script when the question opens.
  await run("const fragment = arguments[0]; setTimeout(() => { location.hash = fragment; })", fragment);
  await eventually(
    () =>
      world.driver
        .switchTo()
        .alert()
        [answer]()
        .then(
          () => true,
          () => false,
        ),
    "the question about the address",
  );
}

/** Moves the page's clock on. */
const pass = (milliseconds) =>
  run(
    `// Firefox gives scripts of a driver a Date of their own.
    const { Date } = window;
    const now = Date.now;
    const later = arguments[0];
    Date.now = () => now() + later;`,
    milliseconds,
  );

/** The same, as when a computer wakes. */
async function wakeLater(milliseconds) {
  await pass(milliseconds);
  await run("document.dispatchEvent(new Event('visibilitychange'))");
}

/** Every place of the page that could hold a secret: the document with its fields, the address, what is stored. */
const places = () =>
  run(`
    const fields = [...document.querySelectorAll("input, textarea")].map(({ value }) => value);
    const stored = [localStorage, sessionStorage].map((storage) => JSON.stringify({ ...storage }));
    return [document.documentElement.outerHTML, document.title, location.href, JSON.stringify(history.state), window.name,
      document.cookie, ...stored, ...fields].join("\\n");`);

async function assertNoSecret(...secrets) {
  const found = await places();
  for (const secret of secrets) assert.equal(found.includes(secret), false, "no secret is left in the page");
}

describe("Signing in", () => {
  beforeEach(() => {
    clearDownloads();
    world.iam.lifetime = DAY;
  });

  it("goes by keyboard alone from a user's name to a key, and back", async () => {
    await open("");
    const before = rows().length;
    await tabTo("#way-sign-in");
    await type(Key.ENTER);
    await visible("#sign-in [type=submit]:enabled");
    for (const [id, content] of [
      ["account", ACCOUNT],
      ["user", USER],
      ["password", PASSWORD],
      ["project", PROJECTS[0]],
    ]) {
      await tabTo(`#${id}`);
      await type(content);
    }
    await look("sign-in", { all: true });
    await type(Key.ENTER);
    await visible("#keys");
    await idle("sign-in");
    assert.equal(signIns().length, 1);
    assert.equal(await isShown("#connect"), false, "the form is folded away");
    await tabTo("#new");
    await type(Key.ENTER);
    await type("Made after signing in", Key.ENTER);
    await visible(PANEL);
    await idle("create");
    assert.equal(rows().length, before + 1);
    const { id } = rows().at(-1);
    await tabTo(".result .done");
    await type(Key.ENTER);
    await tabTo(`#rows [data-id="${id}"] .revoke`);
    await type(Key.ENTER);
    await visible("#confirm");
    await type(id.slice(-6), Key.ENTER);
    await visible("#confirm .panel.good");
    await idle("confirm");
    await type(Key.ENTER);
    assert.equal(rows().length, before);
    assert.ok(calls().every(({ path, headers }) => path === TOKENS || headers["x-auth-token"] === TOKEN));
    await assertQuiet();
  });

  it("says who, where and until when, and keeps neither password nor token in the page", async () => {
    await open("");
    await openSignIn();
    await fillForm();
    const slow = world.recorder.hold("POST");
    await click("#sign-in [type=submit]");
    await slow.arrived;
    assert.equal(await fieldValue("password"), "", "empty while the call runs");
    await assertNoSecret(PASSWORD, TOKEN);
    slow.release();
    await visible("#keys");
    await idle("sign-in");
    const header = await textOf("#where");
    assert.ok(header.includes(`signed in as ${USER} of ${ACCOUNT} until `), header);
    assert.ok(header.includes(PROJECT) && header.includes(new URL(world.recorder.url).host), header);
    const until = new Date(Date.now() + DAY);
    assert.ok(header.includes(String(until.getFullYear())), header);
    assert.match(await world.driver.getTitle(), new RegExp(PROJECT.slice(0, 8)));
    await assertNoSecret(PASSWORD, TOKEN);
    assert.equal(JSON.parse(signIns()[0].body).auth.identity.password.user.password, PASSWORD, "it was sent");
    await look("signed-in", { all: true });
    await world.driver.navigate().refresh();
    await visible("#connection");
    await assertNoSecret(PASSWORD, TOKEN);
    await assertQuiet();
  });

  it("can be filled by a password manager", async () => {
    await open("");
    await openSignIn();
    const form = await run(`
      const form = document.querySelector("#password").form;
      const about = (id) => { const field = form.querySelector("#" + id); return { type: field.type, name: field.name, autocomplete: field.getAttribute("autocomplete") }; };
      return { tag: form.localName, submit: form.querySelector("button[type=submit]") !== null,
        user: about("user"), password: about("password"), code: about("code") };`);
    assert.deepEqual(form, {
      tag: "form",
      submit: true,
      user: { type: "text", name: "user", autocomplete: "username" },
      password: { type: "password", name: "password", autocomplete: "current-password" },
      code: { type: "text", name: "passcode.code", autocomplete: "one-time-code" },
    });
  });

  it("loads what signs in only when its form is opened", async () => {
    await open();
    const isLoaded = (file) => world.recorder.files.includes(file);
    const files = ["/www/sign-in.js", "/www/text-sign-in.js", "/pkg/page-sign-in.js"];
    for (const file of files) assert.equal(isLoaded(file), false, file);
    await click("#change");
    await openSignIn();
    for (const file of files) await eventually(() => isLoaded(file), `${file} loaded`);
  });

  it("says in words that its part of the package is missing", async () => {
    await open("", { missing: "/pkg/page-sign-in.js" });
    await openSignIn();
    assert.match(await (await visible("#notice:not(:empty)")).getText(), /The client package is missing/);
    await fillForm();
    await send();
    assert.equal(await fieldValue("password"), "");
    assert.deepEqual(calls(), []);
    await assertQuiet(["/pkg/page-sign-in.js"]);
  });

  it("says in words that its own part did not load", async () => {
    await open("", { missing: "/www/sign-in.js" });
    await click("#way-sign-in");
    assert.match(
      await (await visible("#notice:not(:empty)")).getText(),
      /A part of this page could not be loaded\. Reload/,
    );
    assert.equal(await (await find("#sign-in [type=submit]")).isEnabled(), false, "no password is sent anywhere");
    await fill("password", PASSWORD);
    await type(Key.ENTER);
    assert.deepEqual(calls(), []);
    await assertQuiet(["/www/sign-in.js"]);
  });

  it("wrong password: marks it, keeps the rest, and does not try again", async () => {
    await open("");
    await openSignIn();
    await fillForm({ password: "not the password" });
    await send();
    assert.match(
      await errorOf("sign-in"),
      /You could not be signed in[^]*You are not signed in\. No key was changed\.[^]*type the password again/,
    );
    assert.equal(await focused(), "password");
    assert.match(await textOf("#password-error"), /Password was not accepted/);
    assert.equal(await fieldValue("password"), "");
    assert.deepEqual([await fieldValue("account"), await fieldValue("user")], [ACCOUNT, USER]);
    assert.equal(signIns().length, 1, "wrong passwords lock the user");
    assert.equal(calls("GET").length, 0);
    await assertNoSecret("not the password");
    await click("#sign-in .report summary");
    await look("sign-in-wrong-password", { all: true });
    await fill("password", PASSWORD);
    await send();
    await visible("#keys");
    await assertQuiet(["401"]);
  });

  it("asks for a code where the user has an authenticator", async () => {
    await open("");
    await openSignIn();
    await fillForm({ user: GUARDED });
    await send();
    assert.match(await errorOf("sign-in"), /If the user has an authenticator, tick that/);
    await click("#mfa");
    await fill("userId", USER_ID);
    await fill("code", "000000");
    await fill("password", PASSWORD);
    await look("sign-in-code", { all: true });
    await send();
    await errorOf("sign-in");
    assert.deepEqual([await fieldValue("password"), await fieldValue("code")], ["", ""], "a code is good once");
    await fill("code", "12");
    await fill("userId", "too-short");
    await fill("password", PASSWORD);
    await send();
    assert.match(await errorOf("sign-in"), /Something in the form must be fixed[^]*Nothing was sent/);
    assert.notEqual(await textOf("#code-error"), "");
    assert.match(await textOf("#userId-error"), /32 characters/);
    assert.equal(await focused(), "userId");
    await fill("userId", USER_ID);
    await fill("code", CODE);
    await fill("password", PASSWORD);
    await send();
    await visible("#keys");
    assert.ok((await textOf("#where")).includes(`signed in as ${GUARDED} of ${ACCOUNT}`));
    await assertNoSecret(PASSWORD, CODE, TOKEN);
    await assertQuiet(["401", "403"]);
  });

  it("project not found: marks the project", async () => {
    await open("");
    await openSignIn();
    await fillForm({ project: "nowhere-1" });
    await send();
    assert.match(
      await errorOf("sign-in"),
      /There is no such project[^]*You are not signed in[^]*Check the project’s name/,
    );
    assert.equal(await focused(), "project");
    assert.equal(await (await find("#project")).getAttribute("aria-invalid"), "true");
    await assertNoSecret(PASSWORD);
    await look("sign-in-no-project");
    await assertQuiet(["404"]);
  });

  it("marks each field that is wrong, sends nothing, and reports no password", async () => {
    await open("");
    await openSignIn();
    await fill("iam", "nowhere");
    await fill("project", PASSWORD);
    await fill("password", PASSWORD);
    await send();
    assert.match(await errorOf("sign-in"), /Something in the form must be fixed[^]*Nothing was sent/);
    for (const id of ["account", "user"]) assert.notEqual(await textOf(`#${id}-error`), "", id);
    assert.notEqual(await textOf("#iam-error"), "");
    assert.equal(await focused(), "account", "the first one has the focus");
    assert.deepEqual(calls(), []);
    const report = await textOf("#sign-in .report", { hidden: true });
    assert.match(report, /project: \[redacted\]/, "a password that stands in another field");
    assert.equal(report.includes(PASSWORD), false);
    await look("sign-in-wrong-fields");
  });

  it("announces the session's end before a call fails, and signs in again with all but the password", async () => {
    await signedIn();
    await fill("description", "Half typed");
    assert.equal(await textOf("#near-end", { hidden: true }), "");
    await wakeLater(DAY - 11 * 60_000);
    assert.equal(await textOf("#near-end", { hidden: true }), "", "not too early");
    await wakeLater(2 * 60_000);
    assert.match(await textOf("#near-end"), /Your session ends at/);
    assert.match(await textOf("#said", { hidden: true }), /Your session ends at/, "a screen reader says it");
    await look("session-near-end", { all: true });
    await pass(10 * 60_000);
    await eventually(async () => /Your session has ended/.test(await textOf("#near-end")), "noticed without an event");
    assert.match(await textOf("#said", { hidden: true }), /Your session has ended/);
    await click("#near-end button");
    assert.equal(await focused(), "password");
    assert.deepEqual(
      [await fieldValue("account"), await fieldValue("user"), await fieldValue("project")],
      [ACCOUNT, USER, PROJECTS[0]],
    );
    await type(PASSWORD, Key.ENTER);
    await eventually(async () => !(await isShown("#connect")), "signed in again");
    await idle("sign-in");
    assert.equal(signIns().length, 2);
    assert.equal(await (await find(`${FORM} [name=description]`)).getAttribute("value"), "Half typed");
    await assertQuiet();
  });

  it("a session that is refused asks for the password, and the form is kept", async () => {
    await signedIn();
    await fill("description", "kept");
    world.recorder.answerNext({ status: 401, headers: {}, body: Buffer.from("") }, "GET");
    await click(`${FORM} [type=submit]`);
    assert.match(await errorOf("create"), /The session has ended or is not accepted[^]*Sign in again/);
    await idle("create");
    assert.equal(await focused(), "password");
    assert.match(await textOf("#password-error"), /Password is needed again/);
    await look("session-refused");
    await type(PASSWORD, Key.ENTER);
    await eventually(async () => !(await isShown("#connect")), "signed in again");
    assert.equal(await (await find(`${FORM} [name=description]`)).getAttribute("value"), "kept");
    await assertQuiet(["401"]);
  });

  it("asks before it replaces a typed token, and keeps it where signing in fails", async () => {
    await open();
    await click("#change");
    await openSignIn();
    await fillForm({ password: "wrong password" });
    await type(Key.ENTER);
    assert.match(await errorOf("sign-in"), /Replace the token\?[^]*Signing in replaces it/);
    assert.deepEqual(signIns(), []);
    await look("sign-in-replace", { all: true });
    await tabTo("#sign-in .panel button:last-child");
    await type(Key.ENTER);
    assert.equal(await fieldValue("password"), "", "nothing is left of it");
    assert.deepEqual(await findAll("#sign-in .panel"), []);
    await fill("password", "wrong password");
    await send();
    await click("#sign-in .panel button");
    await eventually(async () => /could not be signed in/.test(await textOf("#sign-in .outcome")), "the refusal");
    await idle("sign-in");
    assert.equal(await fieldValue("token"), TOKEN);
    assert.match(await textOf("#where"), /token entered at/);
    await fill("password", PASSWORD);
    await send();
    await click("#sign-in .panel button");
    await eventually(async () => /signed in as/.test(await textOf("#where")), "signed in");
    assert.equal(await fieldValue("token"), "", "one token is in use");
    await assertNoSecret(TOKEN);
  });

  it("asks before another project replaces a session, and is about the new one only once it has listed", async () => {
    await signedIn();
    await click("#change");
    await fill("project", PROJECTS[1]);
    await fill("password", PASSWORD);
    await send();
    assert.match(await textOf("#sign-in .outcome"), new RegExp(`signed in as ${USER} of ${ACCOUNT}[^]*${PROJECT}`));
    world.recorder.answerNext({ status: 500, headers: {}, body: Buffer.from("") }, "GET");
    await click("#sign-in .panel button");
    await eventually(async () => /You are signed in, but/.test(await textOf("#sign-in .outcome")), "the list failed");
    await idle("sign-in");
    assert.ok((await textOf("#where")).includes(PROJECT));
    await look("sign-in-not-listed");
    const before = signIns().length;
    await click("#sign-in .panel .actions button");
    await eventually(async () => (await textOf("#where")).includes(OTHER), "the other project");
    await idle("sign-in");
    assert.equal(signIns().length, before, "the password is not asked for again");
    assert.ok((await world.driver.getCurrentUrl()).endsWith(`#projectId=${OTHER}`));
    await assertQuiet(["500"]);
  });

  it("takes the place of no connection that was made while it ran", async () => {
    await open("");
    await openSignIn();
    await fillForm({ project: PROJECTS[1] });
    const slow = world.recorder.hold("POST");
    await click("#sign-in [type=submit]");
    await slow.arrived;
    await click("#way-token");
    await fill("projectId", PROJECT);
    await fill("token", TOKEN);
    await click("#connection [type=submit]");
    await visible("#keys");
    slow.release();
    await idle("sign-in");
    await idle("connection");
    assert.match(await textOf("#where"), new RegExp(`${PROJECT}[^]*token entered`));
    assert.equal(await fieldValue("token"), TOKEN);
  });

  it("goes back to a task's project by signing in to it", async () => {
    await signedIn();
    await fill("description", "Of the first project");
    await click("#change");
    await fill("project", PROJECTS[1]);
    await fill("password", PASSWORD);
    await send();
    await click("#sign-in .panel button");
    await eventually(async () => (await textOf("#where")).includes(OTHER), "the other project");
    await idle("sign-in");
    await click(".task .away button");
    assert.equal(await fieldValue("project"), PROJECT);
    assert.equal(await focused(), "password");
    await type(PASSWORD, Key.ENTER);
    await visible("#sign-in .panel");
    await click("#sign-in .panel button");
    await eventually(async () => (await textOf("#where")).includes(PROJECT), "the first project");
    assert.equal(await (await find(`${FORM} [name=description]`)).getAttribute("value"), "Of the first project");
  });

  it("ends the session when a pasted token takes its place", async () => {
    await signedIn();
    await click("#change");
    await click("#way-token");
    await connectTo({ token: TOKEN });
    assert.match(await textOf("#where"), /token entered at/);
    await wakeLater(DAY);
    assert.equal(await textOf("#near-end", { hidden: true }), "", "nothing ends");
  });

  it("keeps the session where a token of the address is refused, and says so beside the token", async () => {
    await signedIn();
    const address = `#token=not-the-token&projectId=${PROJECT}`;
    await answerTo(address, "dismiss");
    assert.equal(await fieldValue("token"), "", "nothing is replaced without asking");
    await answerTo(address, "accept");
    await visible("#connection .panel");
    await idle("connection");
    assert.match(await textOf("#token-error"), /expired or not accepted/);
    assert.equal(await focused(), "token");
    assert.match(await textOf("#where"), /signed in as/);
    await click("#back");
    await click("#list [type=submit]");
    await idle("list");
    assert.equal(calls("GET").at(-1).headers["x-auth-token"], TOKEN);
    await assertQuiet(["401"]);
  });

  it("leaves the session's token out of a report, wherever it was pasted", async () => {
    await signedIn();
    await click("#change");
    await click("#way-token");
    await fill("projectId", "a-token-that-is-secret");
    await fill("token", "a-token-that-is-secret");
    await click("#connection [type=submit]");
    await errorOf("connection");
    const copied = await catchCopies();
    await click("#connection .report summary");
    await click("#connection .report .copy button");
    assert.equal((await copied()).includes("a-token-that-is-secret"), false);
  });
});
