import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { type Clock, uuidv7 } from "../../src/clock.ts";
import { OmnibusError } from "../../src/errors.ts";
import { queueName } from "../../src/names.ts";
import { beginRelease, type ParkedGroup, type ParkedStore, releaseMessage } from "../../src/parking/index.ts";
import { isMissing } from "../dead-letters/index.ts";
import type { ConsumerRef } from "../find-consumers.ts";
import { queueUrl } from "../queue-depth.ts";

/** The consumer does not park, its queue is not there, or its group cannot be got hold of. */
export class ReleaseError extends OmnibusError {}

const maxTries = 5;

/** The queue that release messages go to. Throws `ReleaseError` where the consumer would not know them. */
export async function releaseQueue(
  client: SQSClient,
  { bus, consumer, fifo, parks }: ConsumerRef,
): Promise<string> {
  if (!parks) {
    throw new ReleaseError(
      "not-parking",
      `${bus}-${consumer} does not park (onPoison), and would not know what a release is: deploy it with onPoison: "park" first`,
    );
  }
  try {
    return await queueUrl(client, queueName(bus, consumer, fifo));
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new ReleaseError("queue-missing", `there is no queue of ${bus}-${consumer}: deploy it first`, {
      cause,
    });
  }
}

/**
 * Begins the release of one group: its marker says so first, then its release message is sent. One that is being released
 * already gets another message: too many do nothing, and one may be missing. Answers the marker as it then is;
 * `undefined` where the group is not parked.
 */
export async function startRelease({
  store,
  client,
  queueUrl,
  consumer,
  group,
  withPoison,
  clock,
}: {
  readonly store: ParkedStore;
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly consumer: string;
  readonly group: string;
  readonly withPoison: boolean;
  readonly clock: Clock;
}): Promise<ParkedGroup | undefined> {
  const marker = await setReleasing(store, consumer, group, { withPoison, clock });
  if (!marker?.release) return undefined;
  const place = { id: marker.release.id, place: marker.first };
  const { body, groupId, deduplicationId } = releaseMessage(group, place, `-${uuidv7(clock)}`);
  await client.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: body,
      MessageGroupId: groupId,
      MessageDeduplicationId: deduplicationId,
    }),
  );
  return marker;
}

async function setReleasing(
  store: ParkedStore,
  consumer: string,
  group: string,
  { withPoison, clock }: { readonly withPoison: boolean; readonly clock: Clock },
): Promise<ParkedGroup | undefined> {
  for (let tries = 1; tries <= maxTries; tries++) {
    const marker = (await store.read(consumer, [group])).get(group);
    if (!marker || marker.release) return marker;
    const change = beginRelease(marker, { id: uuidv7(clock), nowMs: clock.nowMs(), withPoison });
    if (change && (await store.change(change))) return change.to;
  }
  throw new ReleaseError("release-contended", `group ${group} changes each time it is looked at: try again`);
}
