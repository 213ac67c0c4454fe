import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { runJson } from "../inside.js";

export const row = {
  name: "service",
  what: "the service's durable creates a second, 64 connections; the limit is its SQLite insert alone, by one loop",
  unit: "of the limit",
  goal: 0.7,
  more: true,
};

export async function measure({ service, limit, load }) {
  const script = fileURLToPath(new URL("../service.js", import.meta.url));
  // The databases are beside the program, since that is on a disk: a commit into memory costs nothing.
  const programs = ["--service", service, "--limit", limit, "--load", load, "--folder", dirname(service)];
  const { ratio, ratio_to_grouped_inserts, rounds, p99_ms, p50_ms } = await runJson(script, ...programs);
  const remark = `${rounds} rounds; p99 of a create is ${(p99_ms / p50_ms).toFixed(1)} times its median`;
  const figures = (median) => ({ package: { median } });
  return [
    { where: "loopback; the limit commits each insert", figures: figures(ratio), remark },
    { where: "loopback; the limit commits 64 inserts at once", figures: figures(ratio_to_grouped_inserts), goal: null },
  ];
}
