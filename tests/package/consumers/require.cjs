const calls = require("./calls.cjs");
const watch = require("./watch.cjs");

watch(async () => require("node-provider-keys")).then(async (seen) =>
  console.log(JSON.stringify({ ...seen.changes, ...(await calls(seen.loaded)) })),
);
