import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { glueOf, script, thrownBy } from "./built/kit.js";

const { signIn } = await script("sign-in.js");
const { _Call } = await script("node.js");
const { isApiKeyError } = await script("error.js");
const { NO_TOKEN } = await script("sentences.js");

const HOUR = 3_600_000;
const NOW = Date.parse("2026-01-01T00:00:00Z");
/** Milliseconds before its end in which a token is replaced. */
const NEAR = 600_000;
const PROJECT = "0123456789abcdef0123456789abcdef";
const MESSAGE =
  "session.token found that its token has ended; nothing was sent: sign in again, or give signIn a function as " +
  "password (and as passcode.code).";

let entered;
let lifetime;
/** What the module does. */
let answer;

/** Plays the module: it asks for nothing, and gives a document with a new token. */
function succeed(call) {
  entered.push(call);
  const token = {
    project: { id: PROJECT },
    expires_at: new Date(NOW + 5 * HOUR).toISOString(),
    issued_at: new Date(NOW + 5 * HOUR - lifetime).toISOString(),
  };
  call.options.values.token = `token ${entered.length}`;
  call.sink = { ...call.sink, chunks: [Buffer.from(JSON.stringify({ token }))] };
  ok(call.json());
  ok(call.give(2));
}
const later = (milliseconds) => mock.timers.tick(milliseconds);
const asking = () => "asked";
const given = (more) => ({ user: "u", timeout: Infinity, ...more });

describe("a session", () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ["Date"], now: NOW });
    entered = [];
    lifetime = HOUR;
    answer = succeed;
    glueOf({ signIn: (...parts) => answer(...parts) });
  });
  afterEach(() => mock.timers.reset());

  it("has what the answer says, frozen, and its first token", async () => {
    const session = await signIn(given({ password: "p" }));
    equal(session.projectId, PROJECT);
    deepEqual(session.expiresAt, new Date(NOW + 5 * HOUR));
    equal(await session.token(), "token 1");
    ok(Object.isFrozen(session));
    deepEqual(Object.keys(session), ["projectId", "expiresAt", "token"]);
    // Who changes the one changes nothing.
    notEqual(session.expiresAt, session.expiresAt);
    equal(entered.length, 1);
    ok(entered[0] instanceof _Call);
  });

  it("hides its secrets: the password, and a code that is good once", async () => {
    await signIn(given({ password: "the password", passcode: { user: "u", code: "123456" } }));
    const [call] = entered;
    for (const secret of ["the password", "123456"]) {
      equal(call.redact(`a ${secret} b`), secret.length < 6 ? `a ${secret} b` : "a [redacted] b");
    }
  });

  it("signs in anew, once, when its token is near its end", async () => {
    const session = await signIn(given({ password: asking }));
    later(HOUR - NEAR - 1);
    equal(await session.token(), "token 1");
    later(1);
    deepEqual(await Promise.all([session.token(), session.token()]), ["token 2", "token 2"]);
    equal(entered.length, 2);
    equal(await session.token(), "token 2");
    equal(entered.length, 2);
    later(HOUR);
    equal(await session.token(), "token 3");
  });

  it("keeps a token that lives shortly for half of its life", async () => {
    lifetime = NEAR;
    const session = await signIn(given({ password: asking }));
    later(NEAR / 2 - 1);
    equal(await session.token(), "token 1");
    later(1);
    equal(await session.token(), "token 2");
  });

  it("signs in anew with the same options, but without the signal of the first call", async () => {
    const { signal } = new AbortController();
    const password = () => "p";
    const session = await signIn(given({ password, signal, domain: "d" }));
    equal(entered[0].options.values.signal, signal);
    later(HOUR);
    await session.token();
    const { values } = entered[1].options;
    deepEqual([values.user, values.domain, values.password, values.signal], ["u", "d", password, undefined]);
    equal(values.passcode, undefined);
    ok(!("passcode.code" in values));
  });

  it("signs in anew with a code only where both secrets are functions", async () => {
    const code = () => "123456";
    const session = await signIn(given({ password: asking, passcode: { code, user: "v" } }));
    later(HOUR);
    equal(await session.token(), "token 2");
    const { values } = entered[1].options;
    deepEqual([values["passcode.code"], values["passcode.user"], values.passcode], [code, "v", {}]);
    for (const more of [
      { password: "p", passcode: { code } },
      { password: asking, passcode: { code: "123456" } },
    ]) {
      const kept = await signIn(given(more));
      later(HOUR - 1);
      ok((await kept.token()).startsWith("token "));
      later(1);
      equal((await thrownBy(kept.token())).message, MESSAGE);
    }
  });

  it("that has ended says so where it cannot sign in anew", async () => {
    const session = await signIn(given({ password: "p" }));
    later(HOUR - 1);
    equal(await session.token(), "token 1");
    later(1);
    const error = await thrownBy(session.token());
    ok(isApiKeyError(error));
    deepEqual([error.kind, error.outcome, error.message], ["invalid_argument", "not_sent", MESSAGE]);
    deepEqual(error.issues, [{ field: "password", message: "must be a function for a session that signs in anew" }]);
    equal(entered.length, 1);
  });

  it("replaces a token that was refused, and no other", async (test) => {
    test.after(() => {
      _Call.refused = undefined;
    });
    const session = await signIn(given({ password: asking }));
    _Call.refused = "another token";
    equal(await session.token(), "token 1");
    _Call.refused = "token 1";
    equal(await session.token(), "token 2");
    equal(await session.token(), "token 2");
    const alone = await signIn(given({ password: "p" }));
    _Call.refused = "token 3";
    equal(await alone.token(), "token 3");
  });

  it("that could not sign in anew tries again when it is asked again", async () => {
    const session = await signIn(given({ password: asking }));
    later(HOUR);
    answer = (call) => call.refuse({ __proto__: null, kind: "http", outcome: "rejected", message: "no" });
    const errors = await Promise.all([thrownBy(session.token()), thrownBy(session.token())]);
    for (const error of errors) equal(error.message, "no");
    answer = succeed;
    equal(await session.token(), "token 2");
  });

  it("is none after a crash, which leaves no token", async () => {
    answer = (_, { bad }) => bad();
    const error = await thrownBy(signIn(given({ password: asking })));
    deepEqual([error.kind, error.outcome, error.message], ["internal", "unknown", `signIn crashed; ${NO_TOKEN}`]);
  });

  it("is none without options", async () => {
    answer = (call) => call.refuse({ __proto__: null, kind: "invalid_argument", outcome: "not_sent", message: "none" });
    for (const nothing of [undefined, null]) equal((await thrownBy(signIn(nothing))).message, "none");
  });
});
