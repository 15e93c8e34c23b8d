import type { Clock } from "../clock.ts";
import {
  type DelayQueue,
  type DelayState,
  type DelayStates,
  delayKeyOf,
  delayLimits,
  dynamoDelayStates,
  encodeDelayed,
  sqsDelayQueue,
} from "../delay/index.ts";
import { describeError, OmnibusError } from "../errors.ts";
import { delayedQueueName, jobsTableName } from "../names.ts";
import { publishError } from "./publish-error.ts";
import type { Published } from "./publisher.ts";
import { refuseDelay } from "./refuse-delay.ts";
import type { Measured } from "./refuse-message.ts";

/** Where delayed events wait, for tests and simulations. */
export interface PublisherDelays {
  readonly queue: DelayQueue;
  readonly states: DelayStates;
}

/** What a publisher does with events that are due later. */
export interface DelayedEvents {
  /** Hands a sealed event to the bus's delay queue. Throws `InvalidEventError` (`delay`), and `PublishError` when it was not taken. */
  send(measured: Measured, dueMs: number): Promise<Published>;
  /** Decides that an event is not sent, if nothing is decided yet. Throws when the decision cannot be made. */
  cancel(event: { readonly source: string; readonly id: string }): Promise<DelayState>;
}

/** Makes the `DelayedEvents` of a publisher. Nothing is loaded or called before the first one. */
export function delayedEvents({
  bus,
  region,
  clock,
  delays,
}: {
  readonly bus: string;
  readonly region: string | undefined;
  readonly clock: Clock;
  readonly delays: PublisherDelays | undefined;
}): DelayedEvents {
  const queue = delays?.queue ?? sqsDelayQueue({ queueName: delayedQueueName(bus), region });
  const states = delays?.states ?? dynamoDelayStates({ table: jobsTableName(bus), region });

  return {
    async send(measured, dueMs) {
      refuseDelay(measured, dueMs, clock.nowMs());
      const { message } = measured;
      const body = encodeDelayed(message, dueMs);
      const leftMs = dueMs - clock.nowMs();
      // What is due later than the queue can hold it goes on from there at once.
      const delaySeconds = leftMs > delayLimits.queueMs ? 0 : Math.max(0, Math.ceil(leftMs / 1_000));
      const { id, source, type } = message;
      try {
        return { id, source, messageId: await queue.send(body, delaySeconds) };
      } catch (error) {
        const { name, message: why } = describeError(error);
        const own = error instanceof OmnibusError ? error : undefined;
        const failure = {
          id,
          type,
          code: own?.code ?? name,
          message: why,
          retryable: own?.retryable ?? true,
        };
        throw publishError([failure], 0);
      }
    },
    cancel: (event) => states.decide(delayKeyOf(event), "cancelled", clock.nowMs() + delayLimits.cancelledMs),
  };
}
