import { SNSClient } from "@aws-sdk/client-sns";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { awsClient } from "../../src/aws-client.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import { defineEvent } from "../../src/contract/index.ts";
import { createPublisher, type Published, snsTopics } from "../../src/publish/index.ts";
import type { EventRoute } from "./find-route.ts";

/** What is said of the events beside their type and data. */
export interface PublishEventOptions {
  readonly source: string;
  readonly id?: string | undefined;
  readonly subject?: string | undefined;
  /** Needed on ordered topics. */
  readonly partitionkey?: string | undefined;
  /** How often; each with an id of its own, unless one is given: then it is the same event again. @default 1 */
  readonly count?: number;
  readonly clock?: Clock;
}

/** Data of any shape: the contract's own schema lives in the app, and each consumer checks by it. */
const anything: StandardSchemaV1<Record<string, unknown>, Record<string, unknown>> = {
  "~standard": {
    version: 1,
    vendor: "omnibus",
    validate: (value) => ({ value: value as Record<string, unknown> }),
  },
};

/**
 * Publishes an event by hand, as a publisher of its contract would: the same envelope, the same message attributes. Its
 * data is not checked here but by each consumer. Answers the events' ids when SNS has taken them all.
 *
 * Throws `InvalidEventError` before anything is sent, and `PublishError` when SNS does not take it.
 */
export async function publishEvent(
  { bus, type, version, topic, account, region, filterable }: EventRoute,
  data: unknown,
  { source, id, subject, partitionkey, count = 1, clock = systemClock }: PublishEventOptions,
): Promise<readonly Published[]> {
  const contract = defineEvent(type, { version, topic, schema: anything, filterable });
  // To the endpoint that was named and agreed to, whatever an AWS_ENDPOINT_URL_SNS says beside it.
  const client = awsClient(SNSClient, { maxAttempts: 1, region });
  const topics = snsTopics({ client });
  const publisher = createPublisher({ bus, source, account, region, clock, topics, metrics: false });
  const options = {
    ...(id === undefined ? {} : { id }),
    ...(subject === undefined ? {} : { subject }),
    ...(partitionkey === undefined ? {} : { partitionkey }),
  };
  try {
    return await Promise.all(
      Array.from({ length: count }, () =>
        publisher.publish(contract, data as Record<string, unknown>, options),
      ),
    );
  } finally {
    await publisher.close();
    client.destroy();
  }
}
