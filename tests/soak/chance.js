// Chance that can be had again: the same seed draws the same mix.

/** @param {number} seed @returns {() => number} numbers in 0..1 (mulberry32) */
export function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws a name by its weight; weights add up to 100. */
export function draw(random, weights) {
  let left = random() * 100;
  for (const [name, weight] of Object.entries(weights)) {
    left -= weight;
    if (left < 0) return name;
  }
  return Object.keys(weights).at(-1);
}

/** A whole number from `from` to `to`. */
export const between = (random, from, to) => from + Math.floor(random() * (to - from + 1));
