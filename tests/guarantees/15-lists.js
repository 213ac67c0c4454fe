import { assert, host, test, fails, succeeds, stub, to, PROJECT } from "./kit.js";

const list = (more) => host.pkg.listApiKeys(to({ endpoint: host.origins[1] }, more));
const answering = (body) => stub(async () => new Response(typeof body === "string" ? body : JSON.stringify(body)));

describe("A list is what the service says, and no more", () => {
  test("keys have the members that are documented, as far as they are text", async () => {
    const fetch = answering({
      count: 7,
      eps: 1,
      credentials: [
        { id: "a", description: "密🔑", create_time: "2026-01-01", update_time: "", node_ids: [1] },
        { id: "b", description: null, create_time: 5 },
      ],
    });
    assert.deepEqual(await succeeds(list({ fetch })), {
      count: 7,
      keys: [{ id: "a", description: "密🔑", createTime: "2026-01-01", updateTime: "" }, { id: "b" }],
    });
  });

  test("keys are counted where the service does not", async () => {
    for (const count of [{}, { count: null }, { count: "7" }]) {
      const fetch = answering({ ...count, credentials: [{ id: "a" }, { id: "b" }] });
      assert.deepEqual(await succeeds(list({ fetch })), { count: 2, keys: [{ id: "a" }, { id: "b" }] });
    }
    assert.deepEqual(await succeeds(list({ fetch: answering({ credentials: [] }) })), { count: 0, keys: [] });
  });

  const pages = {
    "": {},
    "?offset=0": { offset: 0 },
    "?limit=1": { limit: 1 },
    "?offset=1000&limit=1000": { offset: 1000, limit: 1000 },
  };
  for (const [query, page] of Object.entries(pages)) {
    test(`a page is asked for as ${query || "the service likes"}`, async () => {
      const fetch = answering({ credentials: [] });
      await succeeds(list({ fetch, ...page }));
      assert.lengthOf(fetch.calls, 1);
      assert.equal(fetch.calls[0].url, `${host.origins[1]}/v1/${PROJECT}/node-provider/credentials${query}`);
      assert.equal(fetch.calls[0].get("method"), "GET");
      assert.isTrue(fetch.calls[0].get("body") == null, "a body");
    });
  }

  for (const [name, value] of [
    ["offset", -1],
    ["offset", 1001],
    ["limit", 0],
    ["limit", 1001],
    ["limit", 1.5],
  ]) {
    test(`${name} ${value} is refused`, async () => {
      const fetch = answering({ credentials: [] });
      const error = await fails(list({ fetch, [name]: value }), { kind: "invalid_argument", outcome: "not_sent" });
      assert.deepEqual(
        error.issues.map(({ field }) => field),
        [name],
      );
      assert.lengthOf(fetch.calls, 0);
    });
  }

  for (const body of [
    "",
    "null",
    "[]",
    "{}",
    '{"credentials":{}}',
    '{"credentials":[{}]}',
    '{"credentials":[{"id":"a"},{"id":1}]}',
    "<html>",
  ]) {
    test(`${body || "nothing"} is no list`, async () => {
      await fails(list({ fetch: answering(body) }), { kind: "unexpected_response" });
    });
  }
});
