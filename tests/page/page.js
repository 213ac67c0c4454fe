// The page as a person meets it: its fields, its buttons, its panels.
import assert from "node:assert/strict";
import { By, Key } from "selenium-webdriver";
import { PROJECT, TOKEN, eventually, world } from "./world.js";

export const find = (css) => world.driver.findElement(By.css(css));
export const findAll = (css) => world.driver.findElements(By.css(css));
export const textOf = async (css) => (await find(css)).getText();
export const click = async (css) => (await find(css)).click();
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
  await visible("#page");
  if (!/token=.*projectId=/.test(fragment)) return;
  await eventually(
    () =>
      run(
        "return document.querySelector('#list.listed') !== null || document.querySelector('#list .outcome').childElementCount > 0",
      ),
    "the keys listed",
  );
  await idle("list");
  world.recorder.exchanges.length = 0;
}

/** Waits until no call of the form runs. */
export const idle = (form) => gone(`#${form}.busy`);

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

export async function fill(id, content) {
  const field = await find(`#${id}`);
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

/** Clicks Create and waits for the panel of the key, and its id. */
export async function create() {
  const before = (await findAll("#keys .panel")).length;
  await click("#create [type=submit]");
  await eventually(async () => (await findAll("#keys .panel")).length === before + 1, "the panel of the new key");
  await idle("create");
}

/** Says of each key panel that its file is saved. */
export async function putAway() {
  // Until the list has come, what is below it moves, and a click may miss.
  await idle("create");
  for (const button of await findAll("#keys .done")) await button.click();
  await gone("#keys .panel");
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
  return (await visible(`#${form} .outcome .panel`)).getText();
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
