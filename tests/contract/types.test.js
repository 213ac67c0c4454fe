// Are the package's types those of the description?
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { assert } from "chai";
import { project, run } from "../support/consumer.js";
import { PATH } from "./description.js";
import { load, toolPath } from "./world.js";

/** Descriptions that say something else: what it is about, and what stands for what. */
const OTHERS = [
  ["a parameter's name", "project_id: ", "project: "],
  ["what may be left out", "limit?: ", "limit: "],
  ["a type", "offset?: number", "offset?: string"],
  ["one more field of a request", "description?: string", "description?: string; other?: string"],
  ["a field of a list", "create_time: string", "created: string"],
  ["a field of an error", "error_msg: string", "error_text: string"],
  ["what a delete answers", `"application/json": null`, `"application/json": string`],
];
const OPTIONS = {
  strict: true,
  noEmit: true,
  exactOptionalPropertyTypes: true,
  target: "ES2022",
  module: "nodenext",
  lib: ["ES2022", "DOM"],
  types: [],
  pretty: false,
};

describe("The types", () => {
  let said;

  // One run for all: most of it is reading the libraries.
  before(async () => {
    const { default: typesOf, astToString } = await load("openapi-typescript");
    const described = astToString(await typesOf(pathToFileURL(PATH)));
    const same = readFileSync(new URL("./same.mts", import.meta.url), "utf8");
    const files = { "described.ts": described, "same.mts": same };
    for (const [at, [what, from, to]] of OTHERS.entries()) {
      assert.include(described, from, what);
      files[`other${at}.ts`] = described.replaceAll(from, to);
      files[`same${at}.mts`] = same.replace("./described.js", `./other${at}.js`);
    }
    const checked = Object.keys(files).filter((name) => name.endsWith(".mts"));
    files["tsconfig.json"] = JSON.stringify({ compilerOptions: OPTIONS, files: checked });
    const compiler = [toolPath("typescript/bin/tsc"), "--project", project(files)];
    const { code, output, errors } = await run(process.execPath, compiler);
    assert.include([0, 2], code, output + errors);
    said = output.split("\n");
  });

  it("are those of the description", () => {
    assert.deepEqual(
      said.filter((line) => !/\b(same|other)\d+\.m?ts\(|^ |^$/.test(line)),
      [],
    );
  });

  for (const [at, [what]] of OTHERS.entries()) {
    it(`would not be if ${what} were another`, () => {
      assert.match(said.join("\n"), new RegExp(`\\bsame${at}\\.mts\\(\\d+,\\d+\\): error TS2344: `));
    });
  }
});
