import { type Clock, sleep } from "../../../src/clock.ts";
import { describeError } from "../../../src/errors.ts";
import { createBackoff } from "../backoff.ts";
import { type Discarded, describeDiscarded } from "./discarded.ts";
import type { DestinationPort } from "./ports.ts";
import type { StreamMappingSpec } from "./stream-mapping-spec.ts";

const pauses = { firstMs: 200, maxMs: 2_000 };
const tries = 5;

/**
 * Tells the mapping's destination of discarded records, where it has one. Answers why that failed, five times: then the
 * shard goes on without, as on AWS.
 */
export async function sendDiscarded(
  discarded: Discarded,
  { onFailureArn, functionName, streamArn }: StreamMappingSpec,
  {
    shardId,
    destination,
    clock,
    signal,
  }: {
    shardId: string;
    destination: DestinationPort | undefined;
    clock: Clock;
    signal: AbortSignal;
  },
): Promise<string | undefined> {
  if (onFailureArn === undefined || destination === undefined) return undefined;
  const [, partition, , region, account] = streamArn.split(":");
  const functionArn = `arn:${partition}:lambda:${region}:${account}:function:${functionName}`;
  const body = describeDiscarded(discarded, { streamArn, shardId, functionArn, clock });
  const backoff = createBackoff(clock, pauses);
  for (let attempt = 1; ; attempt++) {
    try {
      await destination.send(onFailureArn, body);
      return undefined;
    } catch (error) {
      if (attempt >= tries || signal.aborted) return describeError(error).message;
      await sleep(clock, backoff.nextMs(), signal);
    }
  }
}
