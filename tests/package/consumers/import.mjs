import calls from "./calls.cjs";
import watch from "./watch.cjs";

const seen = await watch(() => import("node-provider-keys"));
console.log(JSON.stringify({ ...seen.changes, ...(await calls(seen.loaded)) }));
