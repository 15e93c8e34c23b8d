/** Does it, and says how long that took, in whole milliseconds. */
export async function timed<T>(work: () => Promise<T>): Promise<{ readonly answer: T; readonly ms: number }> {
  const beforeMs = performance.now();
  return { answer: await work(), ms: Math.round(performance.now() - beforeMs) };
}
