import { type Clock, systemClock } from "../clock.ts";
import type { Contract, InputOf } from "../contract/index.ts";
import { sns } from "../limits-of-aws.ts";
import { topicArn } from "../names.ts";
import type { PublishOptions } from "./publisher.ts";
import { createSeal } from "./seal.ts";
import { type SnsAttributes, toSnsAttributes } from "./sns-attributes.ts";

/** What the SDK's `PublishCommand` takes. */
export interface PublishInput {
  readonly TopicArn: string;
  readonly Message: string;
  readonly MessageAttributes: SnsAttributes;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

/** Who publishes where, beside what may be said of each event. */
export interface PublishInputOptions extends PublishOptions {
  readonly bus: string;
  readonly source: string;
  readonly account: string;
  readonly region: string;
  /** The topic's `MaximumMessageSize`. @default 256 KiB, as AWS has it */
  readonly maxBytes?: number;
  /** @default the machine's own */
  readonly clock?: Clock;
}

/**
 * Makes the input of the plain SDK's `PublishCommand`, for those who send by themselves: the same bytes and
 * attributes as a publisher sends. Throws `InvalidEventError` as `publish` does. Retry with the same input: a new
 * one has a new id, and so is another event.
 *
 * @example
 * await sns.send(new PublishCommand(await toPublishInput(orderCreated, data, { bus: "shop", source: "checkout", account, region })));
 */
export async function toPublishInput<C extends Contract>(
  contract: C,
  data: InputOf<C>,
  options: PublishInputOptions,
): Promise<PublishInput> {
  const { bus, source, account, region, maxBytes, clock, ...publishOptions } = options;
  const seal = createSeal({
    source,
    clock: clock ?? systemClock,
    maxBytes: maxBytes ?? sns.defaultMessageBytes,
  });
  const { message } = await seal(contract, data, publishOptions);
  return {
    TopicArn: topicArn({ bus, topic: message.topic, region, account }),
    Message: message.body,
    MessageAttributes: toSnsAttributes(message.attributes),
    ...(message.groupId === undefined ? {} : { MessageGroupId: message.groupId }),
    ...(message.deduplicationId === undefined ? {} : { MessageDeduplicationId: message.deduplicationId }),
  };
}
