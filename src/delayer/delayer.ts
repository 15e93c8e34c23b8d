import { type Clock, systemClock } from "../clock.ts";
import {
  type Delayed,
  type DelayQueue,
  type DelaySchedules,
  type DelayStates,
  delayKeyOf,
  delayLimits,
  dynamoDelayStates,
  encodeDelayed,
  parseDelayed,
  sqsDelayQueue,
  wireSchedules,
} from "../delay/index.ts";
import { type DelayerSettings, wireTarget } from "../env.ts";
import { describeError, SettingsError } from "../errors.ts";
import {
  delayedDeadLetterQueueName,
  delayedQueueName,
  delayScheduleName,
  jobsTableName,
  partitionOf,
} from "../names.ts";
import { createPublisher, type Publisher } from "../publish/index.ts";
import { type LogLevel, logLine, type Sink, standardOutput } from "../telemetry/index.ts";

/** What tests put in the place of AWS. */
export interface DelayerParts {
  readonly queue?: DelayQueue;
  readonly states?: DelayStates;
  readonly schedules?: DelaySchedules;
  readonly publisher?: Pick<Publisher, "send">;
  readonly clock?: Clock;
  readonly sink?: Sink;
}

/** What it reads of an SQS batch. */
export interface DelayerEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

export type DelayerHandler = (
  event: DelayerEvent,
) => Promise<{ readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] }>;

/** Scheduler may take a minute: it hands over so much earlier, and the queue waits for the rest, to the second. */
const leadMs = 90_000;

/**
 * Makes the function behind the delay queue: what is due is published, what is due soon goes back into the queue with the rest of
 * its delay, and what is due later becomes a schedule that brings it back. Never early by its own clock.
 *
 * At least once: it answers with what must come again. Before an event is published it is decided that it is, so that one
 * that was cancelled in time is never sent; killed behind that, it is sent when it comes again.
 */
export function delayer(settings: DelayerSettings, parts: DelayerParts = {}): DelayerHandler {
  const { clock = systemClock, sink = standardOutput } = parts;
  const { bus, account, region } = settings;
  const queue = parts.queue ?? sqsDelayQueue({ queueName: delayedQueueName(bus), region });
  const states = parts.states ?? dynamoDelayStates({ table: jobsTableName(bus), region });
  const schedules = parts.schedules ?? schedulesOf(settings);
  const publisher =
    parts.publisher ?? createPublisher({ ...{ bus, account, region, clock }, source: `/${bus}/delayer` });
  const log = (level: LogLevel, fields: { message: string; [name: string]: string }) =>
    logLine(level, fields, { timeMs: clock.nowMs(), sink });

  const pass = async ({ dueMs, message }: Delayed): Promise<void> => {
    const key = delayKeyOf(message);
    const leftMs = dueMs - clock.nowMs();
    if (leftMs > delayLimits.queueMs) {
      await schedules.put(delayScheduleName(bus, key), dueMs - leadMs, encodeDelayed(message, dueMs));
      return;
    }
    if (leftMs > 0) {
      await queue.send(encodeDelayed(message, dueMs), Math.ceil(leftMs / 1_000));
      return;
    }
    const { id, source, type } = message;
    if ((await states.decide(key, "sent", clock.nowMs() + delayLimits.sentMs)) === "cancelled") {
      log("info", { message: "a delayed event was cancelled, and is not sent", id, source, type });
      return;
    }
    const [result] = await publisher.send([message]);
    if (!result?.ok) throw new Error(result ? `${result.code}: ${result.message}` : "no answer");
  };

  return async ({ Records: records }) => {
    const failed = await Promise.all(
      records.map(async ({ messageId, body }) => {
        try {
          await pass(parseDelayed(body));
          return [];
        } catch (error) {
          const why = describeError(error).message;
          log("error", {
            message: "a delayed event could not be passed on, and comes again",
            messageId,
            why,
          });
          return [{ itemIdentifier: messageId }];
        }
      }),
    );
    return { batchItemFailures: failed.flat() };
  };
}

/** Of this function's environment, when the first one is needed. */
function schedulesOf({ bus, account, region, roleArn }: DelayerSettings): DelaySchedules {
  const arnOf = (name: string) => `arn:${partitionOf(region)}:sqs:${region}:${account}:${name}`;
  let made: DelaySchedules | undefined;
  return {
    async put(name, atMs, body) {
      const target = wireTarget("scheduler", region);
      if (!target) {
        throw new SettingsError(
          "scheduler-keys",
          "EventBridge Scheduler is called with the keys that Lambda puts into the environment, and there are none (or FIPS, dual-stack or a profile is set): run this function in Lambda, without these",
        );
      }
      made ??= wireSchedules({
        target,
        queueArn: arnOf(delayedQueueName(bus)),
        deadLetterArn: arnOf(delayedDeadLetterQueueName(bus)),
        roleArn,
      });
      await made.put(name, atMs, body);
    },
  };
}
