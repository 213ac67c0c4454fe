/* global test */
import { writeFileSync } from "node:fs";
import * as keys from "node-provider-keys";
import { consume } from "./consume.js";
import { request } from "./process.js";

test("the package does what it must", async () => {
  writeFileSync("result.json", JSON.stringify(await consume(keys, request)));
});
