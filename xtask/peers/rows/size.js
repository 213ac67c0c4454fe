import { sizeOfPackage, sizeOfPeer } from "../../bench/sizes.js";
import { OWN } from "../clients.js";

export const row = {
  name: "size",
  question: "What a browser downloads for the two calls, in bytes",
  how: "Bundled and minified by esbuild, each file by `gzip -9`, as [the benchmark](bench.md) does it.",
  on: ["chromium"],
  isFigure: true,
  measure: async ({ folder }, client) => {
    if (client.file === OWN) return (await sizeOfPackage(folder)).total.toLocaleString("en");
    if (!client.on.includes("chromium")) return "–";
    return (await sizeOfPeer(folder, client.file)).toLocaleString("en");
  },
};
