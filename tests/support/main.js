// How a runner ends that is no folder of mocha's: `N passed, N failed` last, and 1 where any failed or none ran.

/** @param {() => Promise<{ passed: number, failed: number } | undefined>} main gives nothing where nothing was to run */
export async function runMain(main) {
  let counts = { passed: 0, failed: 1 };
  try {
    counts = await main();
  } catch (error) {
    console.error(error.message);
  }
  if (!counts) return;
  const { passed, failed } = counts;
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}
