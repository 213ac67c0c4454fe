// What the ecosystem's own checkers say about the package as it is published.
import { assert } from "chai";
import { runTool, subject } from "../support/consumer.js";

describe("Published", () => {
  it("the package gives publint nothing to say", async () => {
    const { code, output, errors } = await runTool("publint/src/cli.js", ["--strict", subject.package], {
      cwd: subject.package,
    });
    assert.equal(code, 0, output + errors);
    assert.include(output, "All good!", output + errors);
  });

  it("the package's types are found and right for every resolution, says attw", async () => {
    // No resolution of TypeScript's looks for the types of a .wasm.
    const args = [
      "--pack",
      subject.package,
      "--no-definitely-typed",
      "--exclude-entrypoints",
      "node_provider_keys.wasm",
      "--format",
      "json",
    ];
    const { output, errors } = await runTool("@arethetypeswrong/cli/dist/index.js", args, { cwd: subject.package });
    const { analysis, problems } = JSON.parse(output);
    assert.isEmpty(problems, output + errors);
    assert.deepEqual(analysis.types, { kind: "included" });
    assert.deepEqual(Object.keys(analysis.entrypoints), [".", "./sign-in", "./package.json"]);
    for (const entry of [".", "./sign-in"]) {
      const resolutions = Object.values(analysis.entrypoints[entry].resolutions);
      assert.deepEqual(
        resolutions.map(({ resolutionKind }) => resolutionKind),
        ["node10", "node16-cjs", "node16-esm", "bundler"],
      );
      for (const { resolutionKind, resolution } of resolutions) assert.isTrue(resolution?.isTypeScript, resolutionKind);
    }
  });
});
