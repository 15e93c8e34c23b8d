import { type Clock, systemClock } from "../clock.ts";
import type { WireMessage } from "../contract/index.ts";
import { dueTime } from "../delay/index.ts";
import { awsTarget, insideLambda, readSettings } from "../env.ts";
import { OmnibusError, SettingsError } from "../errors.ts";
import { sns } from "../limits-of-aws.ts";
import { topicName } from "../names.ts";
import { type Sink, standardOutput } from "../telemetry/index.ts";
import { callerAccount } from "./caller-account.ts";
import { claimingTopics } from "./claiming-topics.ts";
import { delayedEvents, type PublisherDelays } from "./delayed-events.ts";
import type { TopicPort } from "./ports.ts";
import { publishAll } from "./publish-all.ts";
import { publishError, toFailure } from "./publish-error.ts";
import { createPublishMetrics } from "./publish-metrics.ts";
import type { Published, Publisher } from "./publisher.ts";
import { type PublisherClaims, publisherClaims } from "./publisher-claims.ts";
import type { Measured } from "./refuse-message.ts";
import { createSeal } from "./seal.ts";
import { sendSealed } from "./send-sealed.ts";
import { createSender } from "./sender.ts";
import { snsTopics } from "./sns-topics.ts";
import { createTopicArns } from "./topic-arns.ts";
import { createUnderway } from "./underway.ts";

/** What a publisher is made with. Only `bus` and `source` must be given. */
export interface PublisherOptions {
  /** The bus's name, as the stack gave it. */
  readonly bus: string;
  /** Who publishes: one name per publishing service, the same in every deployment. With an event's id its identity. */
  readonly source: string;
  /** The account of the topics. @default the function's settings, else the credentials' own (asked of STS once) */
  readonly account?: string | (() => Promise<string>);
  /** The region of the topics. @default the function's settings, else AWS_REGION */
  readonly region?: string;
  /** Where events go. @default SNS, through the AWS SDK */
  readonly topics?: TopicPort;
  /** @default the machine's own time and chance */
  readonly clock?: Clock;
  /** The topics' `MaximumMessageSize`, for a message and for a batch. @default 256 KiB, as AWS has it */
  readonly maxBytes?: number;
  /**
   * Whether data that is too large for a message goes to the bus's bucket of claims, which a bus has that was made with
   * `claims`; consumers get it back as if it had come with the event (docs/claim-check.md).
   * @default false: what is too large is refused. A second place with people's data is a decision, not a surprise
   */
  readonly claims?: boolean | PublisherClaims;
  /** How long a part-filled batch waits for company. @default 5 ms: less than a call takes, and 0 is allowed */
  readonly lingerMs?: number;
  /** Calls at once. @default 8: enough to hide a call's 10 to 20 ms, few enough for the smallest function */
  readonly sideBySide?: number;
  /** Events held before `publishAll` stops reading. @default 1,000: twelve full rounds of calls */
  readonly maxWaiting?: number;
  /** The same in bytes. @default 16 MiB: fits the smallest function (128 MB) with ease */
  readonly maxWaitingBytes?: number;
  /** Tries per event. @default 6: over about 1.5 s, up to 3.1 s; throttling passes, an outage does not block a function */
  readonly attempts?: number;
  /** Where delayed events wait. @default the bus's queue in SQS, and its table of jobs in DynamoDB */
  readonly delays?: PublisherDelays;
  /** Told of each event that was taken. What it throws is ignored: the event is out. */
  readonly onPublished?: (event: Published & { readonly type: string; readonly topic: string }) => void;
  /** Where counts of published events go as metrics. @default standard output inside Lambda, nowhere outside */
  readonly metrics?: Sink | false;
}

/**
 * Makes a publisher. It costs nothing until the first event: no client, no connection, no timer. Make one per
 * process, outside the handler.
 *
 * Throws `SettingsError` for impossible options, and when no region is known.
 *
 * @example
 * const publisher = createPublisher({ bus: "shop", source: "checkout" });
 * await publisher.publish(orderCreated, { orderId: "o-1", total: 12.5 });
 */
export function createPublisher(options: PublisherOptions): Publisher {
  const { bus, source, clock = systemClock, maxBytes = sns.defaultMessageBytes, onPublished } = options;
  const { lingerMs = 5, sideBySide = 8, maxWaiting = 1_000, maxWaitingBytes = 16 * 1024 * 1024 } = options;
  const { attempts = 6, metrics = insideLambda() ? standardOutput : false } = options;
  topicName(bus, "any"); // refuses a bad bus name now, not at the first event
  if (source.trim() === "") {
    throw new SettingsError("source", 'source is empty: name the service that publishes, as in "checkout"');
  }
  checkRange("maxBytes", maxBytes, sns.minMessageBytes, sns.maxMessageBytes);
  checkRange("lingerMs", lingerMs, 0, 60_000);
  for (const [name, value] of Object.entries({ sideBySide, maxWaiting, maxWaitingBytes, attempts })) {
    checkRange(name, value, 1, Number.MAX_SAFE_INTEGER);
  }

  const settings = options.account && options.region ? undefined : readSettings();
  const region = options.region ?? settings?.region ?? awsTarget().region;
  const account = options.account ?? settings?.account ?? (() => callerAccount(region));
  const arnOf = createTopicArns({ bus, region, account });
  const { claims = false } = options;
  const claimed = claims
    ? publisherClaims({ ...{ bus, region, account, clock }, claims: claims === true ? {} : claims })
    : undefined;
  const topics = options.topics ?? snsTopics({ region });
  const counts = metrics ? createPublishMetrics(bus, clock, metrics) : undefined;
  const sender = createSender({
    ...{ topics: claimed ? claimingTopics(topics, claimed) : topics, arnOf, clock, maxBytes, lingerMs },
    sideBySide,
    ...{ maxWaiting, maxWaitingBytes, attempts },
    onSettled(message, result) {
      counts?.count(message, result);
      if (!onPublished || !result.ok) return;
      const { id, type, topic } = message;
      try {
        onPublished({ id, source: message.source, messageId: result.messageId, type, topic });
      } catch {
        // The event is out: whoever listens cannot call it back.
      }
    },
    onBatch: (held) => counts?.write(held === 0),
  });
  const seal = createSeal({ source, clock, maxBytes, claims: claimed });
  const delayed = delayedEvents({ bus, region, clock, delays: options.delays });
  const delay = async (measured: Measured, dueMs: number) => {
    await (await claimed?.())?.store(measured.message);
    return delayed.send(measured, dueMs);
  };
  /** `flush` waits for delayed events, too. */
  const underway = createUnderway();
  const later = (measured: Measured, dueMs: number) => underway.add(delay(measured, dueMs));
  const flush = async () => {
    await Promise.all([sender.flush(), underway.over()]);
  };
  let closed = false;
  const refuseIfClosed = () => {
    if (closed)
      throw new OmnibusError("publisher-closed", `the publisher of ${source} is closed: make another`);
  };

  return {
    async publish(contract, data, publishOptions = {}) {
      refuseIfClosed();
      const { at, afterMs, ...stamp } = publishOptions;
      const dueMs = dueTime(
        { ...(at && { at }), ...(afterMs === undefined ? {} : { afterMs }) },
        clock.nowMs(),
      );
      // All wait for the account, not only large ones: of one partition key none may overtake.
      const asking = claimed?.();
      if (asking instanceof Promise) await asking;
      const sealing = seal(contract, data, stamp);
      const measured = sealing instanceof Promise ? await sealing : sealing;
      refuseIfClosed();
      if (dueMs !== undefined) return later(measured, dueMs);
      return new Promise((resolve, reject) => {
        sender.add(measured, (message: WireMessage, result) => {
          if (result.ok) resolve({ id: message.id, source: message.source, messageId: result.messageId });
          else reject(publishError([toFailure(message, result)], 0));
        });
      });
    },
    async publishAll(contract, data, publishOptions) {
      refuseIfClosed();
      const parts = { seal, sender, isClosed: () => closed, keepBytes: maxWaitingBytes };
      return publishAll(parts, contract, data, publishOptions);
    },
    send: (messages) => sendSealed({ sender, maxBytes, isClosed: () => closed, delay: later }, messages),
    cancel: (id, { source: of = source } = {}) => delayed.cancel({ id, source: of }),
    flush,
    close() {
      closed = true;
      return flush();
    },
  };
}

function checkRange(name: string, value: number, min: number, max: number): void {
  if (value >= min && value <= max) return;
  throw new SettingsError("publisher-option", `${name} is ${value}; ${min} to ${max} are allowed`);
}
