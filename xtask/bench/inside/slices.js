// Times of many calls, in any host.
import { shuffled } from "./statistics.js";

async function time(create, calls, concurrency) {
  let left = calls;
  const work = async () => {
    while (left > 0) {
      left -= 1;
      await create();
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrency }, work));
  return performance.now() - start;
}

/**
 * @param {Record<string, () => Promise<unknown>>} creates a create by contender
 * @returns {Promise<Record<string, number>[]>} milliseconds by contender, round by round; the first round warmed up
 */
export async function slices(creates, { rounds, calls, concurrency }) {
  const measured = [];
  for (let round = -1; round < rounds; round += 1) {
    const times = {};
    for (const name of shuffled(Object.keys(creates))) times[name] = await time(creates[name], calls, concurrency);
    if (round >= 0) measured.push(times);
  }
  return measured;
}
