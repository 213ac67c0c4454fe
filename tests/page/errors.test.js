import assert from "node:assert/strict";
import { look } from "./looks.js";
import {
  FORM,
  assertQuiet,
  calls,
  catchCopies,
  click,
  connectTo,
  create,
  errorOf,
  fill,
  find,
  focused,
  idle,
  open,
  putAway,
  run,
  submit,
  textOf,
} from "./page.js";
import { PROJECT, TOKEN, world } from "./world.js";

const fieldValue = async (id) => (await find(`#${id}`)).getAttribute("value");
const answer = (status, body = "", headers = {}) => ({ status, headers, body: Buffer.from(body) });

/** Creates a key and gives what the panel of its error says, with its details. */
async function failing() {
  await submit();
  await errorOf("create");
  await idle("create");
  return textOf(`${FORM} .outcome .panel`, { hidden: true });
}

describe("Errors", () => {
  beforeEach(() => open());

  it("401: the token is expired, the form is kept, and a new token goes on", async () => {
    await fill("description", "kept");
    await click("#change");
    await fill("token", "not-the-token");
    const error = await failing();
    assert.match(error, /The token is expired or not accepted/);
    assert.match(error, /Paste a new one and try again: your form is kept/);
    const { answer: refusal } = calls()[0];
    for (const shown of [
      "401",
      "BCS.03401001",
      "Authorization failed.",
      "request token is not valid",
      "http",
      refusal.headers["x-request-id"],
    ]) {
      assert.ok(error.includes(shown), `the panel shows ${shown}`);
    }
    assert.equal(await fieldValue("token"), "not-the-token");
    assert.equal(await focused(), "token", "the token is what must be fixed");
    assert.match(await textOf("#token-error"), /expired or not accepted/);
    assert.equal(await (await find(`${FORM} [name=description]`)).getAttribute("value"), "kept");
    assert.equal(await fieldValue("projectId"), PROJECT);
    await look("wrong-token");
    await assertQuiet(["401"]);
    await fill("token", TOKEN);
    await click("#connection [type=submit]");
    await idle("connection");
    await create();
    assert.equal(JSON.parse(calls("POST")[0].body).description, "kept");
    await putAway();
  });

  for (const [status, words] of [
    [400, /The service does not accept the request/],
    [403, /The token may not do this[^]*Ask for the right to manage keys/],
    [404, /There is nothing at this address/],
    [429, /Too many calls[^]*Wait a minute/],
    [431, /The token is too long for a server on the way[^]*allow longer headers/],
  ]) {
    it(`${status}: says what to do, and that no key was made`, async () => {
      world.recorder.answerNext(answer(status, "", { "x-request-id": `id-of-${status}` }));
      const error = await failing();
      assert.match(error, words);
      assert.match(error, /The service refused\. No key was created\./);
      assert.ok(error.includes(`id-of-${status}`));
      await look(`error-${status}`);
      await assertQuiet([String(status)]);
    });
  }

  it("5xx: says what the service said, and gives a report without a secret", async () => {
    const body = {
      code: 500,
      error_code: "BCS.03500001",
      error_msg: "Internal error.",
      message: `project node get service bearer user token error ${TOKEN}`,
    };
    world.recorder.answerNext(
      answer(500, JSON.stringify(body), { "content-type": "application/json", "x-request-id": "failed-1" }),
    );
    const error = await failing();
    for (const shown of [
      "The service failed",
      "A key may exist",
      "500",
      "BCS.03500001",
      "Internal error.",
      "bearer user token error",
      "failed-1",
    ]) {
      assert.ok(error.includes(shown), `the panel shows ${shown}`);
    }
    await click(`${FORM} .report summary`);
    await look("service-failed", { all: true });
    const copied = await catchCopies();
    await click(`${FORM} .report .copy button`);
    const report = await copied();
    for (const part of [
      "action: create",
      "kind: http",
      "outcome: unknown",
      "status: 500",
      "errorCode: BCS.03500001",
      "requestId: failed-1",
      PROJECT,
      world.recorder.url,
      "[redacted]",
    ]) {
      assert.ok(report.includes(part), `the report has ${part}`);
    }
    for (let at = 0; at + 12 <= 200; at += 1)
      assert.equal(report.includes(TOKEN.slice(at, at + 12)), false, "no piece of the token");
    await assertQuiet(["500"]);
  });

  it("leaves a token out of the report that stands in another field, too", async () => {
    await connectTo({ projectId: "a-token-that-is-secret", token: "a-token-that-is-secret" });
    await errorOf("connection");
    const copied = await catchCopies();
    await click("#connection .report summary");
    await click("#connection .report .copy button");
    const report = await copied();
    assert.equal(report.includes("a-token-that-is-secret"), false);
    assert.match(report, /project: \[redacted\]/);
  });

  it("offline: says so, and that nothing was sent", async () => {
    await run("Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => false })");
    world.recorder.dropAll("GET");
    const error = await failing();
    assert.match(error, /This computer is offline[^]*Nothing was sent, so no key was created/);
    assert.deepEqual(calls("POST"), []);
    await look("offline");
  });

  it("no answer: says that the connection failed", async () => {
    world.recorder.dropAll("GET");
    const error = await failing();
    assert.match(error, /The connection failed[^]*Nothing was sent, so no key was created/);
    assert.deepEqual(calls("POST"), []);
  });

  it("CORS: names the other origin's silence", async () => {
    await click("#change");
    await fill("endpoint", world.service.url);
    await click("#connection [type=submit]");
    const error = await errorOf("connection");
    assert.match(error, /did not let this page in[^]*Nothing was changed[^]*use a relay/);
    assert.deepEqual(calls(), []);
    await look("cors");
  });

  it("CSP: names the page's own policy", async () => {
    await click("#change");
    await fill("endpoint", "http://[::1]:9");
    await click("#connection [type=submit]");
    const error = await errorOf("connection");
    assert.match(error, /This page’s own policy blocks that address[^]*Nothing was sent[^]*connect-src/);
    assert.match(
      await textOf("#connection .report", { hidden: true }),
      /outcome: not_sent/,
      "the report says what the panel says",
    );
    await look("csp");
  });

  it("a redirect is not followed", async () => {
    world.recorder.answerNext(answer(302, "", { location: "/elsewhere" }));
    const error = await failing();
    assert.match(error, /answered with a redirect[^]*It was not followed/);
    assert.equal(calls("POST").length, 1);
  });
});
