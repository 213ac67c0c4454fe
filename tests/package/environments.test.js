// Test environments that play a browser on Node: they hide what Node has, and bring classes of their own.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assert } from "chai";
import { TOOLS, runTool } from "../support/consumer.js";
import { check } from "../runtimes/check.js";
import { program } from "../runtimes/world.js";
import { environment, world } from "./world.js";

describe("In Jest with an environment that plays a browser", () => {
  const environments = {
    "jest-environment-jsdom": "./jest-jsdom.cjs",
    "@happy-dom/jest-environment": join(TOOLS, "@happy-dom/jest-environment"),
  };
  for (const [name, path] of Object.entries(environments)) {
    it(`${name}: the required package does what it does anywhere`, async () => {
      const folder = program();
      const args = [
        "--rootDir=.",
        "--testMatch=**/jest.test.cjs",
        "--watchman=false",
        "--cache=false",
        `--env=${path}`,
        `--testEnvironmentOptions=${JSON.stringify({ url: world.service.url })}`,
      ];
      const env = { ...environment(), CI: "1", NO_COLOR: "1", NODE_PATH: TOOLS };
      const { code, output, errors } = await runTool("jest/bin/jest.js", args, { cwd: folder, env });
      assert.equal(code, 0, errors + output);
      check({ version: "30.", ...JSON.parse(readFileSync(join(folder, "result.json"), "utf8")) }, "Jest 30");
    });
  }
});
