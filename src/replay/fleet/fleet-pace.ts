import { type Clock, sleep } from "../../clock.ts";
import { createLimiter, type Limit, type LimitStore, limit } from "../../limits/index.ts";
import { sqs } from "../../limits-of-aws.ts";
import type { Pace } from "../pace.ts";

/** How the rate of a fleet is kept: in batches of so many messages, each of which is one start of a limit that all members share. */
export interface FleetRate {
  readonly most: number;
  readonly limit: Limit;
}

/** A batch that does not divide the rate leaves some of it unused: so much is given for fewer calls. */
const usedPart = 0.95;
const hourSeconds = 3_600;
/** A limit does not ask whose event it is. */
const anyEvent = { id: "", source: "", type: "", data: undefined };

/**
 * The rate of a replay, for all members of its fleet together: no second, wherever it begins, has more messages than `perSecond` (of a rate
 * that is no whole number: than the next one).
 */
export function fleetRate(replay: string, perSecond: number): FleetRate {
  const name = `replay-${replay}`;
  const most = Math.min(sqs.batchEntries, Math.max(1, Math.floor(perSecond / 5)));
  for (let size = most; size > 1; size--) {
    const starts = Math.floor(perSecond / size);
    if (starts * size >= perSecond * usedPart)
      return { most: size, limit: limit(name, { rate: `${starts}/s` }) };
  }
  const rate =
    perSecond < most * 5 ? `${Math.floor(perSecond * hourSeconds)}/h` : `${Math.floor(perSecond)}/s`;
  return { most: 1, limit: limit(name, { rate }) };
}

/** The pace of one member. Throws `LimitError` where the limits' table cannot be asked. */
export function fleetPace({
  rate,
  limits,
  clock,
}: {
  readonly rate: FleetRate;
  readonly limits: LimitStore;
  readonly clock: Clock;
}): Pace {
  const limiter = createLimiter({ limits: [rate.limit], store: limits, clock });
  return {
    async turn(_messages, patienceMs, signal) {
      if (signal?.aborted) return false;
      const { places, close } = await limiter.reserve([anyEvent], {
        lastStartMs: clock.nowMs() + patienceMs,
      });
      const [place] = places;
      try {
        if (place?.status === "slot") return (await place.slot.wait(signal)) === "start";
        const waitMs = (place?.atMs ?? 0) - clock.nowMs();
        await sleep(clock, Math.min(patienceMs, Math.max(1, waitMs)), signal);
        return false;
      } finally {
        await close();
      }
    },
  };
}
