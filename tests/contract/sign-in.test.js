// Walks the sign-in of IAM's pages as pages.test.js does the key calls, and the demo's own call.
import { assert } from "chai";
import * as description from "./description.js";
import { probes } from "./probes.js";
import { RAW, overload } from "./service.js";
import { DEMO, OTHER_SHAPES, ROWS, SECRET, SHAPES, SIGN_IN } from "./sign-in.js";
import { bodyFor, bodyOf, call, codeOf, enter, get, openDemo, post, put } from "./sign-in.js";
import { CODE, PROJECT, USER, usual, withService } from "./world.js";

const wrong = () => put(bodyOf(), "auth.identity.password.user.password", "another");
/** The user of the usual service gets in; wrong ones before count no more. */
const enterRightly = async () => assert.equal((await enter(usual().url, bodyOf())).status, 201);
const unixTime = () => Date.now() / 1000;
const withCode = (code) => bodyOf({ code });

/** The service whose user a value fits, and the body that it is asked with. */
function callerOf({ at, option }, value) {
  if (option === "passcode.userId") return [{ user: { userId: value }, totp: SECRET }, withCode(codeOf(unixTime()))];
  if (at.endsWith("project.id")) return [{ projectId: value }, bodyOf({ byId: true })];
  return [{ user: { [option]: value } }, bodyOf()];
}

const READERS = {
  async client(row, { value, fits }) {
    const [first, second] = row.option.split(".");
    const { sent, error } = await call({ [first]: second ? { [second]: value, code: "123456" } : value });
    const place = sent.length > 0 ? get(JSON.parse(sent[0].init.body), row.at) : undefined;
    if (fits) return assert.equal(place, value);
    // What is no id of a project may be its name.
    if (row.at.endsWith("project.id") && sent.length > 0) return assert.isUndefined(place);
    assert.isEmpty(sent);
    assert.deepInclude(error, { kind: "invalid_argument", outcome: "not_sent" });
    assert.deepEqual(
      error.issues.map(({ field }) => field),
      [row.option],
    );
  },

  async service(row, { value, fits, otherType }) {
    if (fits) {
      const [caller, body] = callerOf(row, value);
      const answer = await withService(caller, ({ url }) => enter(url, put(body, row.at, value)));
      return assert.equal(answer.status, 201, JSON.stringify(answer.json));
    }
    const { status } = await enter(usual().url, put(bodyFor(row), row.at, value));
    await enterRightly();
    if (otherType || value === undefined) return assert.equal(status, 400);
    assert.equal(status, row.option === "project" ? 403 : 401);
    const { error } = await withService(callerOf(row, value)[0], () => {}).then(
      () => ({}),
      (error) => ({ error }),
    );
    assert.match(error?.message, /exit code 2/, "no service is to be had for such a user");
  },

  async description(row, { value, fits }) {
    assert.equal(await description.takesRequest("signIn", put(bodyFor(row), row.at, value)), fits);
  },
};

describe("Obtaining a User Token", () => {
  for (const row of ROWS) {
    for (const [reader, check] of Object.entries(READERS)) {
      it(`${row.at}, in the ${reader}`, async () => {
        for (const probe of probes(row, row.where)) {
          try {
            await check(row, probe);
          } catch (error) {
            error.message = `${probe.name}, which ${probe.fits ? "fits" : "does not fit"}: ${error.message}`;
            throw error;
          }
        }
      });
    }
  }

  for (const [name, body] of SHAPES) {
    it(`A body ${name} is one to the service and in the description`, async () => {
      assert.isTrue(await description.takesRequest("signIn", body));
      const { status } = await enter(usual().url, body);
      await enterRightly();
      // The usual user has no device, so that a code is as wrong as any.
      assert.equal(status, body.auth.identity.totp ? 401 : 201);
    });
  }

  it("Every other body is none, to the service and in the description", async () => {
    for (const [name, body] of OTHER_SHAPES) {
      assert.isFalse(await description.takesRequest("signIn", body), name);
      const answer = await enter(usual().url, body);
      assert.equal(answer.status, 400, name);
      assert.equal(answer.json.error.title, "Bad Request");
    }
  });

  it("What the client sends is a body and a query of the description", async () => {
    for (const options of [{}, { project: PROJECT }, { passcode: { userId: USER.userId, code: "123456" } }]) {
      const { sent } = await call(options);
      assert.lengthOf(sent, 1);
      assert.equal(sent[0].init.method, SIGN_IN.method);
      assert.equal(sent[0].url.pathname, SIGN_IN.uri);
      assert.equal(sent[0].url.search, SIGN_IN.query);
      assert.isTrue(await description.takesRequest("signIn", JSON.parse(sent[0].init.body)));
    }
  });

  it("A code is 6 digits to the client and in the description, and the device's to the service", async () => {
    const { userId } = USER;
    const caller = { user: { userId }, totp: SECRET };
    await withService(caller, async ({ url }) => {
      for (const code of ["12345", "1234567", "12345a", "１２３４５６"]) {
        const { sent, error } = await call({ passcode: { userId, code } });
        assert.lengthOf(sent, 0);
        assert.equal(error.issues[0].field, "passcode.code");
        const body = put(withCode("123456"), "auth.identity.totp.user.passcode", code);
        assert.isFalse(await description.takesRequest("signIn", body), code);
        assert.equal((await enter(url, body)).status, 401, code);
      }
      const body = withCode(codeOf(unixTime()));
      assert.isTrue(await description.takesRequest("signIn", body));
      assert.equal((await enter(url, body)).status, 201);
      assert.equal((await enter(url, body)).status, 401, "a second time");
    });
  });

  it("The catalogue is there unless the query leaves it out, and there is no other query", async () => {
    const [whole, short] = await Promise.all(
      ["", "?nocatalog=true"].map((query) => enter(usual().url, bodyOf(), query)),
    );
    assert.isNotEmpty(whole.json.token.catalog);
    assert.notProperty(short.json.token, "catalog");
    for (const answer of [whole, short]) assert.deepEqual(await description.problems("signIn", answer), []);
    for (const query of ["?nocatalog=false", "?nocatalog", "?nocatalog=true&x=1", "?x=1"]) {
      assert.equal((await enter(usual().url, bodyOf(), query)).status, 400, query);
    }
    const { parameters } = (await description.operations()).signIn;
    assert.deepEqual(
      parameters.map(({ name, in: where, required, schema }) => [name, where, required ?? false, schema.enum]),
      [["nocatalog", "query", false, ["true"]]],
    );
  });

  it("The answer is what the client makes a session of", async () => {
    const { status, headers, json } = await enter(usual().url, bodyOf());
    const token = headers.get("X-Subject-Token");
    const { result } = await call({}, status, json, { "x-subject-token": token });
    assert.equal(await result.token(), token);
    assert.equal(result.projectId, PROJECT);
    assert.equal(result.expiresAt.getTime(), Date.parse(json.token.expires_at));
    const keys = await fetch(`${usual().url}/v1/${PROJECT}/node-provider/credentials`, {
      headers: { "X-Auth-Token": token },
    });
    assert.equal(keys.status, 200);
    // What the client reads, the description promises.
    for (const at of ["token", "token.expires_at", "token.project", "token.project.id"]) {
      const less = put(structuredClone(json), at, undefined);
      const { error } = await call({}, status, less, { "x-subject-token": token });
      assert.equal(error.kind, "unexpected_response", at);
      assert.isFalse(await description.takesAnswer("signIn", 201, less), at);
    }
    const { error } = await call({}, status, json);
    assert.equal(error.kind, "unexpected_response", "no header");
  });
});

const EXPECTED = {
  401: [/^The account, user, password or code is wrong/, /^The user is locked for 15 minutes/],
  403: [/^There is no such project/, /^Virtual MFA is on/],
};

/** How every status of the sign-in comes about, each in all of its ways. */
const SIGN_IN_CAUSES = {
  ...Object.fromEntries(Object.entries(RAW).map(([status, cause]) => [status, async () => [await cause(SIGN_IN)]])),
  201: async () => [await enter(usual().url, bodyOf())],
  400: async () => [await RAW[400](SIGN_IN), await post(usual().url, SIGN_IN, bodyOf(), { type: "text/plain" })],
  401: () =>
    withService({}, async ({ url }) => {
      const answers = [];
      for (let count = 0; count < 6; count += 1) answers.push(await enter(url, wrong()));
      // The right one, too.
      answers.push(await enter(url, bodyOf()));
      return [answers[4], answers[6]];
    }),
  403: async () => [
    await enter(usual().url, put(bodyOf(), "auth.scope.project.name", "elsewhere")),
    await withService({ totp: SECRET }, ({ url }) => enter(url, bodyOf())),
    await RAW[403](SIGN_IN),
  ],
  404: async () => [await withService({ user: null }, ({ url }) => enter(url, bodyOf()))],
  // One is judged at a time, and those behind it give up waiting for their turn.
  503: async () => {
    const body = put(bodyOf(), "auth.identity.password.user.name", "nobody");
    return [await overload(250, () => enter(usual().url, body))];
  },
};
/** The service has neither too little memory nor no randomness; the description's example stands for it. */
const UNCAUSED = "500";

const DEMO_CAUSES = {
  ...RAW,
  200: () => withService({ code: CODE }, ({ url }) => openDemo(url)),
  401: () =>
    withService({ code: CODE }, async ({ url }) => {
      assert.equal((await openDemo(url)).status, 200);
      return openDemo(url);
    }),
  403: () => withService({ code: CODE }, ({ url }) => openDemo(url, { Origin: "http://elsewhere.test" })),
  404: () => openDemo(usual().url),
};

describe("The description of signing in", () => {
  it("has the service's answers, in all of their ways", async () => {
    const { responses } = (await description.operations()).signIn;
    assert.sameMembers(Object.keys(responses), [...Object.keys(SIGN_IN_CAUSES), UNCAUSED]);
    for (const [status, cause] of Object.entries(SIGN_IN_CAUSES)) {
      const answers = await cause();
      assert.isNotEmpty(answers, status);
      for (const answer of answers) {
        assert.equal(answer.status, Number(status), JSON.stringify(answer.json));
        assert.deepEqual(await description.problems("signIn", answer), [], status);
      }
      for (const [at, words] of (EXPECTED[status] ?? []).entries()) assert.match(answers[at].json.error.message, words);
    }
  });

  it("has no more in an error than the client takes", async () => {
    const { responses } = (await description.operations()).signIn;
    const { value } = responses[UNCAUSED].content["application/json"].examples.service;
    assert.isTrue(await description.takesAnswer("signIn", UNCAUSED, value));
    for (const at of ["error", "error.code", "error.message", "error.title"]) {
      const less = put(structuredClone(value), at, undefined);
      assert.isFalse(await description.takesAnswer("signIn", UNCAUSED, less), at);
    }
    for (const status of Object.keys(responses).map(Number)) {
      if (status === 201) continue;
      const { sent, error } = await call({}, status, value);
      assert.lengthOf(sent, 1);
      const { code, message: errorMsg } = value.error;
      assert.deepInclude(error, { kind: "http", status, code: `${code}`, errorMsg });
    }
  });

  it("has the demo's answers", async () => {
    const { responses } = (await description.operations()).openDemo;
    assert.sameMembers(Object.keys(responses), [...Object.keys(DEMO_CAUSES), UNCAUSED]);
    for (const [status, cause] of Object.entries(DEMO_CAUSES)) {
      const answer = await cause(DEMO);
      assert.equal(answer.status, Number(status));
      assert.deepEqual(await description.problems("openDemo", answer), [], status);
    }
  });
});
