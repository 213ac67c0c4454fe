import { createHmac } from "node:crypto";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { assert } from "chai";
import { subject } from "../support/consumer.js";
import { SHORT, who, world } from "./world.js";

const { signIn } = await import(pathToFileURL(join(subject.package, "sign-in.js")));

const usual = () => ({
  endpoint: world.iam.long.url,
  account: world.iam.account,
  user: who.user,
  password: who.password,
  project: who.project,
});

/** The code that the device shows: RFC 6238. */
function codeNow() {
  const bits = [...who.secret].map((letter) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"),
  );
  const key = Buffer.from(
    bits
      .join("")
      .match(/.{8}/g)
      .map((byte) => Number.parseInt(byte, 2)),
  );
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac("sha1", key).update(counter).digest();
  const number = hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** On Node straight to the service, in a page through the relay: the session's own, or the fields of the error. */
const PLACES = {
  async Node(options) {
    try {
      const session = await signIn(options);
      return { projectId: session.projectId, expiresAt: session.expiresAt.getTime(), token: await session.token() };
    } catch ({ kind, outcome, status, message }) {
      return { kind, outcome, status, message };
    }
  },
  page: (options) =>
    world.browser.driver.executeAsyncScript(
      `const [options, done] = arguments;
      import("/pkg/page-sign-in.js").then(async ({ signIn }) => {
        try {
          const session = await signIn(options);
          done({ projectId: session.projectId, expiresAt: session.expiresAt.getTime(), token: await session.token() });
        } catch ({ kind, outcome, status, message }) {
          done({ kind, outcome, status, message });
        }
      });`,
      { ...options, endpoint: world.relay.url },
    ),
};

describe("Signing in", () => {
  for (const [place, enter] of Object.entries(PLACES)) {
    for (const how of ["name", "id"])
      it(`gives a token, its project and its end, by the project's ${how}, ${place}`, async () => {
        const { projectId } = world.iam;
        const got = await enter({ ...usual(), ...(how === "id" && { project: projectId }) });
        assert.equal(got.projectId, projectId, got.message);
        assert.isAbove(got.token.length, 30);
        assert.closeTo(got.expiresAt, Date.now() + 86_400_000, 600_000);
      });

    it(`tells a wrong password without it, ${place}`, async () => {
      const got = await enter({ ...usual(), password: "wrong horse battery staple" });
      assert.deepInclude(got, { kind: "http", outcome: "rejected", status: 401 });
      assert.include(got.message, "check account, user, password");
      assert.notInclude(got.message, "wrong horse");
    });

    it(`tells a user, an account and a project that are not there, ${place}`, async () => {
      // Keystone does not tell a project that is not there from a wrong password; IAM and the service do.
      for (const [more, status] of [
        [{ user: "nobody" }, 401],
        [{ account: "nowhere" }, 401],
        [{ project: "eu-west-0" }, world.isKeystone ? 401 : 403],
        [{ project: "f".repeat(32) }, world.isKeystone ? 401 : 403],
      ]) {
        const got = await enter({ ...usual(), ...more });
        assert.deepInclude(got, { kind: "http", outcome: "rejected", status }, JSON.stringify(more));
      }
    });
  }

  it("takes the code of a virtual MFA device, and refuses a wrong one", async () => {
    const endpoint = (world.iam.careful ?? world.iam.long).url;
    const { userId } = world.iam;
    const careful = { ...usual(), endpoint, user: who.careful };
    const wrong = codeNow() === "000000" ? "000001" : "000000";
    const refused = await PLACES.Node({ ...careful, passcode: { userId, code: wrong } });
    assert.deepInclude(refused, { kind: "http", outcome: "rejected", status: 401 });
    const got = await PLACES.Node({ ...careful, passcode: { userId, code: codeNow } });
    assert.equal(got.projectId, world.iam.projectId, got.message);
  });

  it("is renewed by a session whose password is a function, and only by that", async () => {
    const { url: endpoint } = world.iam.short;
    const [renewing, fixed] = await Promise.all([
      signIn({ ...usual(), endpoint, password: async () => who.password }),
      signIn({ ...usual(), endpoint }),
    ]);
    const [first, other] = [await renewing.token(), await fixed.token()];
    const end = fixed.expiresAt.getTime();
    assert.isAtMost(end - Date.now(), SHORT * 1000);
    while (Date.now() <= end + 1000) await pause(200);
    assert.notEqual(await renewing.token(), first);
    assert.isAbove(renewing.expiresAt.getTime(), end);
    const error = await fixed.token().then(
      () => undefined,
      (thrown) => thrown,
    );
    assert.equal(error?.kind, "invalid_argument");
    assert.include(error.message, "function");

    // Who asks the service itself about the token that ended is refused.
    const path = world.isKeystone ? "/v3/projects" : `/v1/${world.iam.projectId}/node-provider/credentials`;
    const ask = (token) => fetch(`${endpoint}${path}`, { headers: { "X-Auth-Token": token } });
    assert.equal((await ask(other)).status, 401);
    assert.notEqual((await ask(await renewing.token())).status, 401);
  });
});
