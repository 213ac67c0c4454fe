import { runInside } from "../inside.js";
import { keyFile } from "../keyfile.js";

export const row = {
  name: "memory",
  what: "linear memory after a million calls",
  unit: "pages",
  goal: "as after the first hundred",
};

export async function measure({ folder }) {
  const [early, late] = await runInside(folder, "memory", { after: [100, 1_000_000] }, await keyFile());
  return [{ where: "Node", figures: { package: { median: late } }, goal: early }];
}
