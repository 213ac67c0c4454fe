// What the crate's own exports do for who builds it without this package: they take plain options.
import { AsyncLocalStorage } from "node:async_hooks";
import { assert } from "chai";
import { zip } from "../support/zip.js";
import { crate } from "./world.js";

const OPTIONS = {
  endpoint: "https://bcs.example.com",
  projectId: "0123456789abcdef0123456789abcdef",
  token: "a-token-of-the-tests",
};
const CREDENTIAL = "0123456789abcdef0123456789abcdef0123";
const TABLE = "project_id,api_key\n0123456789abcdef0123456789abcdef,a-key\n";

/** A fetch that keeps what it was given. */
function stub(answer) {
  const calls = [];
  const fetch = async (url, init) => {
    calls.push({ url, ...init });
    return answer();
  };
  return { calls, fetch };
}
const thrown = (promise) =>
  promise.then(
    () => assert.fail("the call succeeded"),
    (error) => error,
  );

describe("The crate alone", () => {
  it("has the four calls", () => {
    for (const name of ["createApiKey", "deleteApiKey", "listApiKeys", "readCredentials"])
      assert.typeOf(crate[name], "function", name);
  });

  it("makes a key of plain options, and opens its file", async () => {
    const bytes = await zip([{ name: "credential.csv", data: TABLE }]);
    const { calls, fetch } = stub(() => new Response(bytes, { headers: { "Content-Type": "application/zip" } }));
    const file = await crate.createApiKey({ ...OPTIONS, fetch, description: "For test" });
    assert.deepEqual(Buffer.from(await file.arrayBuffer()), Buffer.from(bytes));
    const [{ url, method, body, headers }] = calls;
    assert.equal(url, `${OPTIONS.endpoint}/v1/${OPTIONS.projectId}/node-provider/credentials`);
    assert.deepEqual([method, body, headers["X-Auth-Token"]], ["POST", '{"description":"For test"}', OPTIONS.token]);
    const rows = await crate.readCredentials(file);
    assert.deepEqual(rows, [{ project_id: OPTIONS.projectId, api_key: "a-key" }]);
  });

  it("revokes a key", async () => {
    const { calls, fetch } = stub(() => new Response("null"));
    assert.isUndefined(await crate.deleteApiKey({ ...OPTIONS, fetch, credentialId: CREDENTIAL }));
    assert.equal(calls[0].method, "DELETE");
    assert.isTrue(calls[0].url.endsWith(`/${CREDENTIAL}`));
  });

  it("lists keys", async () => {
    const { fetch } = stub(() => Response.json({ count: 1, credentials: [{ id: CREDENTIAL }] }));
    const { count, keys } = await crate.listApiKeys({ ...OPTIONS, fetch });
    assert.deepEqual([count, keys.map(({ id }) => id)], [1, [CREDENTIAL]]);
  });

  it("rejects with the fields of the one error", async () => {
    const { calls, fetch } = stub(() => new Response("null"));
    const error = await thrown(crate.createApiKey({ ...OPTIONS, fetch, projectId: "short" }));
    assert.deepEqual([error.kind, error.outcome], ["invalid_argument", "not_sent"]);
    assert.deepEqual(
      error.issues.map(({ field }) => field),
      ["projectId"],
    );
    assert.isEmpty(calls);
    const refused = stub(() => Response.json({ error_code: "BCS.1" }, { status: 403 }));
    const { kind, outcome, status, errorCode } = await thrown(crate.createApiKey({ ...OPTIONS, fetch: refused.fetch }));
    assert.deepEqual([kind, outcome, status, errorCode], ["http", "rejected", 403, "BCS.1"]);
  });

  it("runs each call in its own caller's context", async () => {
    const context = new AsyncLocalStorage();
    const sent = [];
    const fetch = async (_, { headers }) => {
      sent.push([context.getStore(), headers["X-Auth-Token"]]);
      return new Response("null");
    };
    const token = async () => context.getStore();
    const options = { ...OPTIONS, credentialId: CREDENTIAL, token, fetch };
    const users = ["token-of-one", "token-of-two", "token-of-three"];
    await Promise.all(users.map((user) => context.run(user, () => crate.deleteApiKey(options))));
    assert.sameDeepMembers(
      sent,
      users.map((user) => [user, user]),
    );
  });
});
