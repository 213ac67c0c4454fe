import { assert } from "chai";

/** The project in which consumers make their keys. */
export const PROJECT = "0123456789abcdef0123456789ABCDEF";

/** Looks at what `consume` tells, in the consumer of that name. */
export function check(result, name) {
  const { file, row, isListed, deleted, again, unauthorised, early, late, instances, version } = result;
  assert.match(version, /^\d+\.|^\d{4}-/);
  const [, major] = /^(?:Node|Jest) (\d+)/.exec(name) ?? [];
  if (major) assert.match(version, new RegExp(`^${major}\\.`));
  assert.equal(instances, 1, "the WebAssembly module is compiled, and once");
  assert.equal(file.type, "application/zip");
  assert.match(file.name, /\.zip$/);
  assert.deepEqual(file.head, [0x50, 0x4b, 3, 4]);
  assert.deepInclude(row, { project: PROJECT, description: "For test" });
  assert.isAbove(row.key, 20);
  assert.isTrue(isListed);
  assert.equal(deleted, "undefined");
  const failure = { isOurs: true, kind: "http", outcome: "rejected" };
  assert.deepInclude(again, { ...failure, status: 404 });
  assert.deepInclude(unauthorised, { ...failure, status: 401 });
  assert.match(unauthorised.errorCode, /^BCS\.03401\d{3}$/);
  assert.isNotEmpty(unauthorised.requestId);
  assert.deepInclude(early, { isOurs: true, kind: "aborted", outcome: "not_sent" });
  assert.deepInclude(late, { isOurs: true, kind: "aborted", outcome: "unknown", isReason: true });
}
