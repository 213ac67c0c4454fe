// The page as a person meets it: its fields, its buttons, its panels.
import assert from "node:assert/strict";
import { By, Key } from "selenium-webdriver";
import { PROJECT, TOKEN, eventually, world } from "./world.js";

/** The form of the task that is open. */
export const FORM = ".task .create:not([hidden])";
/** The panel of a key file. */
export const PANEL = ".result .panel";

export const find = (css) => world.driver.findElement(By.css(css));
export const findAll = (css) => world.driver.findElements(By.css(css));
export const textOf = async (css, { hidden = false } = {}) =>
  hidden ? run("return arguments[0].textContent", await find(css)) : (await find(css)).getText();

export async function click(css) {
  await press(await find(css));
}

/** Clicks an element. */
export async function press(element) {
  // A download opens a bar at the foot of WebKitGTK's window, and what was there is pressed no more.
  if (world.name === "webkit") await run("arguments[0].scrollIntoView({ block: 'start' })", element);
  await element.click();
}

export const run = (script, ...values) => world.driver.executeScript(script, ...values);
export const focused = () =>
  run("return document.activeElement.id || document.activeElement.className || document.activeElement.localName");

/** The API calls of a method, or all. */
export const calls = (method) => world.recorder.exchanges.filter((exchange) => !method || exchange.method === method);

/**
 * Opens the page with the fragment, and without what begins with `missing`; waits until it is drawn, and until the keys
 * are listed if it lists them. `prepare` gets the recorder before.
 */
export async function open(
  fragment = `#token=${encodeURIComponent(TOKEN)}&projectId=${PROJECT}`,
  { missing, prepare } = {},
) {
  world.recorder.reset();
  world.recorder.missing = missing;
  // What an earlier test left in the browser's console is not this one's.
  if (world.name === "chromium") await world.driver.manage().logs().get("browser");
  prepare?.(world.recorder);
  // Another document first: the same address with another fragment would not load anything.
  await world.driver.get("about:blank");
  await world.driver.get(`${world.recorder.url}/${fragment}`);
  await loaded();
  if (!/token=.*projectId=/.test(fragment)) return;
  await listed();
  world.recorder.exchanges.length = 0;
}

/** Waits until every part of the page is there. */
export async function loaded() {
  await gone("#loading");
  await gone("#revoke :disabled");
}

/** Waits until the connection has listed, or said why not. */
export async function listed() {
  await eventually(
    () =>
      run(
        "return document.querySelector('#keys.listed') !== null || document.querySelector('#list .outcome, #connection .outcome').childElementCount > 0",
      ),
    "the keys listed",
  );
  await idle("connection");
}

const formCss = (form) => (form === "create" ? FORM : `#${form}${form === "confirm" ? "-form" : ""}`);

/** Waits until no call of the form runs. */
export const idle = (form) => gone(form === "create" ? ".task .busy" : `${formCss(form)}.busy`);

/** Opens the form for a new key, where none is open. */
export async function openForm() {
  if ((await findAll(FORM)).length === 0) await click("#new");
}

/** Presses the button that creates a key. */
export async function submit() {
  await openForm();
  await click(`${FORM} [type=submit]`);
}

/** Connects to another project, or with another token. */
export async function connectTo({ projectId, token }) {
  if (!(await (await find("#connection")).isDisplayed())) await click("#change");
  if (projectId !== undefined) await fill("projectId", projectId);
  if (token !== undefined) await fill("token", token);
  await click("#connection [type=submit]");
  await idle("connection");
}

/** Presses Tab until the element has the focus. */
export async function tabTo(css) {
  for (let presses = 0; presses < 60; presses += 1) {
    await world.driver.actions().sendKeys(Key.TAB).perform();
    if (await run("return document.activeElement.matches(arguments[0])", css)) return;
  }
  assert.fail(`no Tab leads to ${css}`);
}

/** Lets copies go where a test can read them, and answers how. */
export async function catchCopies() {
  await run(
    "window.copied = []; Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: async (text) => { window.copied.push(text); } } })",
  );
  return async (number = 1) => {
    await eventually(async () => (await run("return window.copied.length")) === number, `copy number ${number}`);
    return run("return window.copied.at(-1)");
  };
}

/** Answers the question before a key is revoked; without an answer, with the end of its id. */
export async function revoke(id, answer = id.slice(-6)) {
  await visible("#confirm");
  await fill("answer", answer);
  await click("#confirm-yes");
}

/** Fills the field of this id; the description is that of the open task, or of a new one. */
export async function fill(id, content) {
  if (id === "description") await openForm();
  const field = await find(id === "description" ? `${FORM} [name=description]` : `#${id}`);
  await field.sendKeys(Key.chord(Key.CONTROL, "a"));
  await field.sendKeys(Key.BACK_SPACE);
  // Nobody types a token: drivers that do take a minute for it.
  if (content.length > 200)
    await run(
      "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new InputEvent('input', { bubbles: true }))",
      field,
      content,
    );
  else if (content) await field.sendKeys(content);
}

export async function visible(css) {
  await eventually(async () => (await findAll(css))[0]?.isDisplayed(), `${css} on the screen`);
  return find(css);
}

export const gone = (css) => eventually(async () => (await findAll(css)).length === 0, `${css} gone`);

/** Creates a key and waits for its panel, and its id. */
export async function create(description) {
  await openForm();
  if (description !== undefined) await fill("description", description);
  const before = (await findAll(PANEL)).length;
  await submit();
  await eventually(async () => (await findAll(PANEL)).length === before + 1, "the panel of the new key");
  await idle("create");
}

/** Says of each key panel that its file is saved. */
export async function putAway() {
  await idle("create");
  for (const button of await findAll(".result .done")) await press(button);
  await gone(PANEL);
}

/** Clicks twice, as fast as a mouse can. */
export async function doubleClick(css) {
  const target = await find(css);
  // Not every driver scrolls for an action.
  await run("arguments[0].scrollIntoView({ block: 'center' })", target);
  await world.driver.actions().doubleClick(target).perform();
}

/** The error panel's text, once it is there. */
export async function errorOf(form) {
  return (await visible(`${formCss(form)} .outcome .panel`)).getText();
}

/** The second click of a double click, however late; tells whether the page lets it through. */
export const secondClick = (css) =>
  run(
    "return document.querySelector(arguments[0]).dispatchEvent(new MouseEvent('click', { detail: 2, bubbles: true, cancelable: true }))",
    css,
  );

/** Whether leaving the page now would ask first. */
export const asksBeforeLeaving = () => run('return !dispatchEvent(new Event("beforeunload", { cancelable: true }))');

/** Fails on anything that a quiet page does not do; `expected` are parts of the lines about failed loads that the browser itself may write. */
export async function assertQuiet(expected = []) {
  const isFailedLoad = (line) => line.includes("did not load") && expected.some((part) => line.includes(part));
  const noted = await run("return window.probe");
  assert.deepEqual(
    noted.filter((line) => !isFailedLoad(line)),
    [],
    "no error, no warning, no CSP violation",
  );
  const foreign = await run(
    "return performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => !name.startsWith(location.origin + '/') && !name.startsWith('blob:' + location.origin + '/'))",
  );
  assert.deepEqual(foreign, [], "no request outside the origin");
  if (world.name !== "chromium") return;
  const lines = (await world.driver.manage().logs().get("browser")).map(({ message }) => message);
  const isExpected = (line) => line.includes("Failed to load resource") && expected.some((part) => line.includes(part));
  assert.deepEqual(
    lines.filter((line) => !isExpected(line)),
    [],
    "nothing else in the browser's console",
  );
}
