// Clocks and timers, of which a host may lack any.

import { quietly } from "./own.js";

/** The longest delay that timers keep, in milliseconds: past it they fire at once. */
const LONGEST = 2 ** 31 - 1;

/** Milliseconds on a clock that nobody sets, where there is one. */
export const now = () => quietly(() => performance.now()) ?? Date.now();

/** Runs `run` after so many milliseconds; undefined where no timer can hold them. */
export const later = (milliseconds, run) =>
  milliseconds <= LONGEST ? quietly(() => setTimeout(run, milliseconds)) : undefined;

/** Stops a timer. */
export const cancel = (timer) => quietly(() => clearTimeout(timer));
