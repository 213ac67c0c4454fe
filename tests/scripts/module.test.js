import { deepEqual, equal, ok, rejects, throws } from "node:assert/strict";
import { describe, it } from "node:test";
import { moduleOf } from "./built/bytes.js";
import { script } from "./built/kit.js";

const { bytesOf, checkBuild, compile, decodeBase64 } = await script("module.js");

describe("the module", () => {
  it("is compiled of bytes of any kind, and stays what it is if it is compiled", async () => {
    const bytes = moduleOf("this build");
    for (const given of [bytes, bytes.buffer, [...bytes]]) ok((await compile(given)) instanceof WebAssembly.Module);
    const compiled = new WebAssembly.Module(bytes);
    equal(await compile(compiled), compiled);
    for (const other of ["text", undefined, [], new ArrayBuffer(3)])
      await rejects(compile(other), WebAssembly.CompileError);
  });

  it("is the body of a response, unless that says that it is no success", async () => {
    const bytes = new ArrayBuffer(3);
    const response = (more) => ({ arrayBuffer: () => bytes, ...more });
    for (const more of [{}, { ok: true }, { ok: undefined }]) equal(await bytesOf(response(more)), bytes);
    await rejects(bytesOf(response({ ok: false, status: 503 })), /^Error: it was answered with status 503$/);
  });

  it("belongs to these scripts if it has the name of their build", () => {
    checkBuild(new WebAssembly.Module(moduleOf("this build")));
    for (const build of [undefined, "", "this builD", "this build ", "another build"]) {
      throws(() => checkBuild(new WebAssembly.Module(moduleOf(build))), /^Error: it belongs to another version$/);
    }
  });

  it("is read from text", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
    deepEqual(decodeBase64(Buffer.from(bytes).toString("base64")), bytes);
  });
});
