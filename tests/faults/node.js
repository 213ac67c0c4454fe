// The cells on Node: a child of run.js, which it tells each.
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { host } from "../guarantees/host.js";
import { seeAll } from "./call.js";

const config = JSON.parse(process.env.NPK_CONFIG);
process.on("unhandledRejection", (reason) => host.unhandled?.push(String(reason?.message ?? reason)));

const ALL = { depth: Infinity, showHidden: true, getters: true, maxArrayLength: Infinity, maxStringLength: Infinity };
const signInUrl = new URL("sign-in.js", pathToFileURL(config.entry)).href;
const place = { config, signInUrl, inspect: (value) => inspect(value, ALL) };
await seeAll(
  place,
  () => import(pathToFileURL(config.entry)),
  (seen) => process.send(seen),
);
process.send({ end: true }, () => process.exit());
