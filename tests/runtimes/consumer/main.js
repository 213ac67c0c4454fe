import * as keys from "node-provider-keys";
import { consume } from "./consume.js";
import { request, version } from "./process.js";

console.log(JSON.stringify({ version, ...(await consume(keys, request)) }));
