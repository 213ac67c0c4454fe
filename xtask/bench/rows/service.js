import { runJson } from "../inside.js";

export const row = {
  name: "service",
  what: "the service's creates a second with durable commits, 64 connections; the limit is its SQLite insert alone",
  unit: "of the limit",
  goal: 0.7,
  more: true,
};

export async function measure({ service, limit, load }) {
  const script = new URL("../service.js", import.meta.url).pathname;
  const { ratio, ratio_spread: [low, high], rounds, p99_ms, p50_ms } = await runJson(script, "--service", service, "--limit", limit, "--load", load);
  return [
    { where: "loopback", figures: { package: { median: ratio, low, high, rounds } }, remark: `p99 is ${(p99_ms / p50_ms).toFixed(1)} times the median` },
  ];
}
