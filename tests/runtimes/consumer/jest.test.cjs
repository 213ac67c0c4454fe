/* global test */
const { writeFileSync } = require("node:fs");
const keys = require("node-provider-keys");
const { consume } = require("./consume.cjs");
const { request } = require("./process.cjs");

test("the package does what it must", async () => {
  writeFileSync("result.json", JSON.stringify(await consume(keys, request)));
});
