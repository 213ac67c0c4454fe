// What stands between the package and its goals: where the bytes are, where the time goes, and what crosses.
import { bytesOf } from "./bytes.js";
import { crossingsOf } from "./crossings.js";
import { stepsOf } from "./steps.js";

/** Lines of Markdown; `world` also has `readable`, the package with its names kept, and `parts`, what its module is made of. */
export async function accountOf(world) {
  const tables = [];
  for (const tableOf of [bytesOf, stepsOf, crossingsOf]) tables.push(...await tableOf(world), "");
  return tables.slice(0, -1);
}
