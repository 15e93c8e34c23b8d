import { assumed } from "./assumptions.ts";
import type { PlannedConsumer } from "./planned-consumer.ts";

/** How long one invocation takes, and what it is made of. Milliseconds. */
export interface BatchTime {
  readonly callsMs: number;
  readonly handlersMs: number;
  readonly ms: number;
  /** Calls to DynamoDB. */
  readonly calls: number;
  /** Handlers one after another: how many times. */
  readonly rounds: number;
}

/** What an invocation with `events` events takes, waiting for the starts of a limit left out. */
export function batchTime(
  { parallel, fifo, mode, limits }: Pick<PlannedConsumer, "parallel" | "fifo" | "mode" | "limits">,
  handlerMs: number,
  events: number,
): BatchTime {
  // SQS fills an ordered batch from one group where it can, and a group runs in order.
  const rounds = fifo ? events : Math.ceil(events / parallel);
  // Each event has a transaction of its own, and the next handler waits for it.
  const calls = { once: 2, transaction: 1 + rounds, record: 1, none: 0 }[mode] + (limits.length > 0 ? 1 : 0);
  const callsMs = calls * assumed.callMs;
  const handlersMs = rounds * handlerMs;
  return { callsMs, handlersMs, ms: callsMs + handlersMs, calls, rounds };
}
