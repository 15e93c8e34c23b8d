import { type Clock, sleep } from "../../src/clock.ts";
import type { MappingFacts, Mappings } from "../../src/governor/index.ts";

const pollMs = 1_000;

/**
 * Waits until a consumer's mapping is enabled, or is not, as it should be; answers how it was seen last. `tell`: nobody else
 * sees to it, so it is told here, again while another change is under way.
 */
export async function awaitMapping({
  consumer,
  enabled,
  tell,
  mappings,
  waitMs,
  clock,
  signal,
}: {
  readonly consumer: string;
  readonly enabled: boolean;
  readonly tell: boolean;
  readonly mappings: Mappings;
  readonly waitMs: number;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}): Promise<MappingFacts | undefined> {
  const wanted = enabled ? "Enabled" : "Disabled";
  const endsMs = clock.nowMs() + waitMs;
  let told = false;
  for (;;) {
    const mapping = (await mappings.list()).find((one) => one.consumer === consumer);
    if (!mapping || mapping.state === wanted) return mapping;
    if (tell && !told) told = (await mappings.update(mapping.uuid, { enabled })) !== "busy";
    if (clock.nowMs() >= endsMs || signal?.aborted) return mapping;
    await sleep(clock, Math.min(pollMs, Math.max(1, endsMs - clock.nowMs())), signal);
  }
}
