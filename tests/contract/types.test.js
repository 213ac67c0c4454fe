// Are the package's types those of the description?
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { assert } from "chai";
import { project, run } from "../support/consumer.js";
import { PATH } from "./description.js";
import { load, toolPath } from "./world.js";

/** What tsc says of `same.mts` beside the types that are made of the description. */
async function compile(change = (text) => text) {
  const { default: typesOf, astToString } = await load("openapi-typescript");
  const generated = astToString(await typesOf(pathToFileURL(PATH)));
  const folder = project({
    "described.ts": change(generated),
    "same.mts": readFileSync(new URL("./same.mts", import.meta.url), "utf8"),
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        strict: true, noEmit: true, exactOptionalPropertyTypes: true, target: "ES2022", module: "nodenext",
        lib: ["ES2022", "DOM"], types: [], pretty: false,
      },
      files: ["same.mts"],
    }),
  });
  const { code, output, errors } = await run(process.execPath, [toolPath("typescript/bin/tsc"), "--project", folder], {});
  return `exit code ${code}\n${errors}${output}`.trim();
}

describe("The types", () => {
  it("are those of the description", async () => {
    assert.equal(await compile(), "exit code 0");
  });

  for (const [what, from, to] of [
    ["a parameter's name", "project_id: ", "project: "],
    ["what may be left out", "limit?: number", "limit: number"],
    ["a type", "offset?: number", "offset?: string"],
    ["a field of a list", "create_time: string", "created: string"],
    ["a field of an error", "error_msg: string", "error_text: string"],
    ["another field of a request", "description?: string", "description?: string; other?: string"],
  ]) {
    it(`would not be if ${what} were another`, async () => {
      const said = await compile((text) => {
        assert.include(text, from);
        return text.replaceAll(from, to);
      });
      assert.match(said, /same\.mts\(\d+,\d+\): error TS2344/);
    });
  }
});
