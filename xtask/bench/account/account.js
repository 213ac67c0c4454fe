// What stands between the package and its goals: where the bytes are, where the time goes, and what crosses.
import { bytesOf } from "./bytes.js";
import { crossingsOf } from "./crossings.js";
import { stepsOf } from "./steps.js";

/** Lines of Markdown; `world` also has `readable` and `parts`: the package with its names, and its module's parts. */
export async function accountOf(world) {
  return [...await bytesOf(world), "", ...await stepsOf(world), "", ...await crossingsOf(world)];
}
