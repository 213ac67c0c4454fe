// The package on Node, by import and by require, each in a process of its own.
import { cpSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { assert } from "chai";
import { project, run } from "../support/consumer.js";
import { PROJECT, environment, world } from "./world.js";

const CONSUMERS = fileURLToPath(new URL("./consumers/", import.meta.url));

/** Runs a program beside the installed package; what it prints is JSON. */
async function consume(name) {
  const folder = project();
  cpSync(CONSUMERS, folder, { recursive: true });
  const args = [
    "--unhandled-rejections=strict",
    "--throw-deprecation",
    "--disallow-code-generation-from-strings",
    join(folder, name),
  ];
  const { code, output, errors } = await run(process.execPath, args, { cwd: folder, env: environment() });
  assert.equal(`${code} ${errors}`, "0 ", `${name} ends by itself and without a warning`);
  return JSON.parse(output);
}

/** What the service itself answers to a create with a wrong token. */
async function refusal() {
  const response = await fetch(`${world.service.url}/v1/${PROJECT}/node-provider/credentials`, {
    method: "POST",
    headers: { "X-Auth-Token": "wrong", "Content-Type": "application/json" },
    body: "{}",
  });
  return { status: response.status, ...(await response.json()) };
}

for (const [how, name] of [
  ["import", "import.mjs"],
  ["require", "require.cjs"],
]) {
  describe(`On Node ${process.versions.node}, by ${how}`, () => {
    let result;
    before(async () => {
      result = await consume(name);
    });

    it("loading the package adds no global and changes none", () => {
      assert.deepEqual(result.names, []);
      assert.deepEqual(result.changed, []);
    });

    it("loading the package compiles nothing, fetches nothing and starts nothing", () => {
      assert.deepEqual(result.done, []);
      assert.deepEqual(result.newListeners, []);
    });

    it("a key is made, its file is whole and opens, and it is revoked", () => {
      const { file, row, deleted } = result;
      assert.deepInclude(file, { isFile: true, type: "application/zip", head: "PK\u0003\u0004" });
      assert.match(file.name, /\.zip$/);
      assert.deepInclude(row, { project_id: PROJECT, description: "For test" });
      assert.isAbove(row.api_key, 20);
      assert.equal(deleted, "undefined");
    });

    it("what the service answers to a wrong token is in the error", async () => {
      const { isOurs, kind, outcome, status, code, errorCode, errorMsg, detail, requestId } = result.unauthorised;
      const said = await refusal();
      assert.equal(said.status, 401);
      assert.deepEqual(
        { isOurs, kind, outcome, status },
        { isOurs: true, kind: "http", outcome: "rejected", status: 401 },
      );
      assert.deepEqual(
        { code, errorCode, errorMsg, detail },
        { code: String(said.code), errorCode: said.error_code, errorMsg: said.error_msg, detail: said.message },
      );
      assert.isNotEmpty(requestId);
    });

    it("a key is revoked once: the second time is a 404", () => {
      assert.deepInclude(result.again, { isOurs: true, kind: "http", outcome: "rejected", status: 404 });
    });

    it("a call is aborted before it is sent, and while it runs", () => {
      assert.deepInclude(result.early, { isOurs: true, kind: "aborted", outcome: "not_sent" });
      assert.deepInclude(result.late, { isOurs: true, kind: "aborted", outcome: "unknown", isReason: true });
    });
  });
}

describe("Imported and required in one process", () => {
  it("each copy knows the other's errors, and no other error", async () => {
    const require = createRequire(join(project(), "index.js"));
    const required = require("node-provider-keys");
    const imported = await import(new URL("node.js", `file://${require.resolve("node-provider-keys")}`).href);
    for (const [one, other] of [
      [required, imported],
      [imported, required],
    ]) {
      const error = await one.deleteApiKey({}).catch((thrown) => thrown);
      assert.isTrue(other.isApiKeyError(error));
      assert.isFalse(error instanceof other.ApiKeyError, "they are two copies");
      assert.isFalse(other.isApiKeyError(Object.assign(new Error(error.message), { ...error, name: "ApiKeyError" })));
    }
  });
});
