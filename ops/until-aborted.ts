/** What `work` settles to, or `undefined` as soon as `signal` is aborted; the work itself goes on unheard. */
export async function untilAborted<Value>(
  work: Promise<Value>,
  signal: AbortSignal,
): Promise<Value | undefined> {
  // Of work that goes on unheard, an error is unheard as well.
  work.catch(() => undefined);
  return Promise.race([work, aborted(signal)]);
}

/** Resolves when `signal` is aborted. */
export function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}
