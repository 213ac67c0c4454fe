import { peersWith } from "../peers.js";
import { sizeOfPackage, sizeOfPeer } from "../sizes.js";

export const row = {
  name: "size",
  what: "download for the two calls in a browser: entry, glue and wasm, minified, gzip -9",
  unit: "bytes",
  goal: 22_000,
};

export async function measure({ folder }) {
  const { total } = await sizeOfPackage(folder);
  const figures = { package: { median: total } };
  for (const { file } of peersWith("size")) figures[file] = { median: await sizeOfPeer(folder, file) };
  return [{ where: "any browser", figures }];
}
