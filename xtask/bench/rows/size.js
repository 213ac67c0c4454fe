import { peersWith } from "../peers.js";
import { budget, sizeOfPackage, sizeOfPeer } from "../sizes.js";

export const row = {
  name: "size",
  what: "download for the two calls in a browser: entry, glue and wasm, minified, gzip -9",
  unit: "bytes",
  goal: 22_400,
};

export async function measure({ folder }) {
  const { total } = await sizeOfPackage(folder);
  if (total > budget.total) {
    console.error(`The package weighs ${total} bytes, ${total - budget.total} more than its budget.`);
    process.exitCode = 1;
  }
  const figures = { package: { median: total } };
  for (const { file } of peersWith("size")) figures[file] = { median: await sizeOfPeer(folder, file) };
  return [{ where: "any browser", figures }];
}
