/** A test that takes longer hangs: milliseconds. */
export const WATCHDOG = 30_000;
