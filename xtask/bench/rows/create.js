// One create against a stubbed fetch, on Node.
import { runInside } from "../inside.js";
import { keyFile } from "../keyfile.js";
import { peersWith } from "../peers.js";
import { ratiosTo } from "../statistics.js";

export async function measure({ folder }) {
  const contenders = ["bare", "package", ...peersWith("create").map(({ file }) => file)];
  const rounds = await runInside(folder, "stubbed", { contenders, rounds: 100, calls: 100 }, await keyFile());
  return ratiosTo("bare", rounds);
}
