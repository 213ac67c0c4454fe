import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { sessionOf } from "../../pkg-template/session.js";
import { always, corpus, replay } from "./kit.js";
import { check, checkDocument } from "./session.check.js";

const ID = "0123456789abcdef0123456789abcdef";
const DAY = 86_400_000;
const document = (more) => ({ token: { project: { id: ID }, expires_at: "2999-01-02T00:00:00.000000Z", ...more } });

describe("the answer to a sign-in", () => {
  it("has the project's id and the token's end", () => {
    const at = Date.parse("2999-01-02");
    deepEqual(sessionOf(document()), { projectId: ID, expiresAt: at, endsAt: at });
    deepEqual(sessionOf(document({ issued_at: "3000-01-01" })), { projectId: ID, expiresAt: at, endsAt: at });
  });

  it("tells how long the token lives, whatever the service's clock says", () => {
    for (const year of ["1999", "2026", "2999"]) {
      const before = Date.now();
      const { endsAt } = sessionOf(document({ issued_at: `${year}-01-01T00:00:00Z`, expires_at: `${year}-01-02` }));
      const left = endsAt - before;
      equal(left >= DAY && left < DAY + 60_000, true, year);
    }
  });

  it("is none without a project or an end", () => {
    const ids = [
      undefined,
      null,
      7,
      "",
      ID.slice(1),
      `${ID}0`,
      `${ID.slice(1)}/`,
      `${ID.slice(1)}\n`,
      [ID],
      { id: ID },
    ];
    for (const id of ids) equal(sessionOf(document({ project: { id } })), undefined, JSON.stringify(id));
    const ends = [undefined, null, "", "tomorrow", {}];
    for (const expires_at of ends) equal(sessionOf(document({ expires_at })), undefined, JSON.stringify(expires_at));
    for (const none of [null, undefined, 7, "token", [], {}, { token: null }, { token: "token" }])
      equal(sessionOf(none), undefined, JSON.stringify(none));
  });

  it("has only its own members, whatever a prototype adds", (test) => {
    Object.prototype.token = document().token;
    Object.prototype.id = ID;
    Object.prototype.expires_at = "2999-01-01";
    test.after(() => {
      for (const name of ["token", "id", "expires_at"]) delete Object.prototype[name];
    });
    equal(sessionOf({}), undefined);
    equal(sessionOf({ token: { project: {}, expires_at: "2999-01-01" } }), undefined);
    equal(sessionOf({ token: { project: { id: ID } } }), undefined);
  });

  it("is that of the reference, whatever comes", () => {
    const some = fc.oneof(fc.jsonValue(), fc.constant(ID), fc.constant("2999-01-01"));
    const time = fc.oneof(
      some,
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    );
    const token = fc.record(
      { project: fc.record({ id: some }), expires_at: time, issued_at: time },
      { requiredKeys: [] },
    );
    always(fc.oneof(fc.jsonValue(), fc.record({ token })), (given) => checkDocument(JSON.parse(JSON.stringify(given))));
  });

  it("is that of the reference for every input that fuzzing kept", () => {
    replay(corpus("scripts/corpus/session"), check);
  });
});
