// What stands between the package and its goals: where the bytes are, where the time goes, and what crosses.
import { bytesOf } from "./bytes.js";
import { crossingsOf } from "./crossings.js";
import { profileOf } from "./profile.js";
import { stepsOf } from "./steps.js";

/** Lines of Markdown; `world` also has `readable` and `parts`: the package with its names, and its module's parts. */
export async function accountOf(world) {
  const tables = [];
  for (const linesOf of [bytesOf, stepsOf, profileOf, crossingsOf]) tables.push(...(await linesOf(world)), "");
  return tables.slice(0, -1);
}
