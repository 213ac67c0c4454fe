import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { listOf } from "../../pkg-template/list.js";
import { always, corpus, replay } from "./kit.js";
import { check, checkDocument } from "./list.check.js";

describe("a list of keys", () => {
  it("has the members that are known, by our names", () => {
    deepEqual(
      listOf({
        count: 7,
        credentials: [
          { id: "a", description: "密", create_time: "2026", update_time: "", node_ids: [1], eps_info: {} },
        ],
      }),
      { count: 7, keys: [{ id: "a", description: "密", createTime: "2026", updateTime: "" }] },
    );
    deepEqual(listOf({ credentials: [{ id: "a", description: null }] }), { count: 1, keys: [{ id: "a" }] });
    deepEqual(listOf({ credentials: [], count: "0" }), { count: 0, keys: [] });
  });

  it("is none without ids", () => {
    for (const document of [
      null,
      [],
      "text",
      7,
      {},
      { credentials: {} },
      { credentials: [{}] },
      { credentials: [null] },
    ]) {
      equal(listOf(document), undefined, JSON.stringify(document));
    }
  });

  it("has only its own members, whatever a prototype adds", (test) => {
    Object.prototype.description = "polluted";
    Object.prototype.credentials = [];
    test.after(() => {
      delete Object.prototype.description;
      delete Object.prototype.credentials;
    });
    equal(listOf({}), undefined);
    equal(Object.hasOwn(listOf(JSON.parse('{"credentials":[{"id":"a"}]}')).keys[0], "description"), false);
  });

  it("is that of the reference for any document", () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.constant([]));
    const names = ["id", "description", "create_time", "update_time", "allowlists"];
    const credential = fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });
    const good = fc.tuple(credential, fc.string()).map(([made, id]) => ({ ...made, id }));
    const credentials = fc.oneof(fc.array(good), fc.array(fc.oneof(good, credential, value)), value);
    const document = fc.oneof(fc.record({ credentials, count: value }, { requiredKeys: [] }), fc.jsonValue());
    always(document, (made) => checkDocument(JSON.parse(JSON.stringify(made))));
  });

  it("is that of the reference for every input that fuzzing kept", () => {
    replay(corpus("scripts/corpus/list"), check);
  });
});
