import { countsOf } from "../account/crossings.js";

export const row = {
  name: "crossings",
  what: "calls between the module and its script in one create",
  unit: "crossings",
  goal: 80,
};

export async function measure(world) {
  const counts = Object.values(await countsOf(world));
  return [
    { where: "Node", figures: { package: { median: Math.round(counts.reduce((sum, count) => sum + count, 0)) } } },
  ];
}
