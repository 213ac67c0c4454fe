const keys = require("node-provider-keys");
const { consume } = require("./consume.cjs");
const { request, version } = require("./process.cjs");

consume(keys, request).then((result) => console.log(JSON.stringify({ version, ...result })));
