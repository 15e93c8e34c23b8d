import type { ConsumerHolds, HoldStore } from "../breaker/index.ts";
import type { Clock } from "../clock.ts";
import { sqs } from "../limits-of-aws.ts";
import type { MappingFacts } from "../probing/index.ts";
import type { InFlight } from "./ports.ts";

/** Above: the mapping is held, for what waits by its visibility is in flight. Below: it goes on. */
export const overflowAt = 0.8 * sqs.maxInFlight;
export const overflowEndsAt = 0.5 * sqs.maxInFlight;

/**
 * Holds a consumer whose queue has nearly as many messages in flight as SQS lets it have: beyond, SQS hands out none at
 * all, to nobody. Lifts that hold when half of them are back. Answers whether it did either; throws what the ports throw.
 */
export async function watchOverflow(
  { queue }: MappingFacts,
  { consumer, holds: open }: ConsumerHolds,
  {
    inFlight,
    holds,
    clock,
  }: { readonly inFlight: InFlight; readonly holds: HoldStore; readonly clock: Clock },
): Promise<boolean> {
  const count = await inFlight(queue);
  const overflow = open.find(({ name }) => name === "overflow");
  if (overflow) return count <= overflowEndsAt && holds.lift(consumer, overflow, "governor");
  if (count < overflowAt) return false;
  const why = `${count} messages in flight of ${sqs.maxInFlight} that SQS allows`;
  const hold = { name: "overflow", sinceMs: clock.nowMs(), why, by: "governor" } as const;
  return (await holds.open(consumer, hold, "governor")) === "opened";
}
