import { type Clock, sleep, systemClock } from "../../src/clock.ts";
import type { StoredReplay } from "../../src/replay/index.ts";

/** Waits until the lease of whoever was at a replay has ended; somebody who is alive keeps it, and is found out then. */
export async function untilFree(
  { heldUntilMs }: StoredReplay,
  {
    say,
    signal,
    clock = systemClock,
  }: { readonly say: (text: string) => void; readonly signal?: AbortSignal; readonly clock?: Clock },
): Promise<void> {
  const waitMs = heldUntilMs - clock.nowMs();
  if (waitMs <= 0) return;
  say(`another process has it until ${new Date(heldUntilMs).toISOString()}, and may be dead: waiting …`);
  await sleep(clock, waitMs + 100, signal);
}
