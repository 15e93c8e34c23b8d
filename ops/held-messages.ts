import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { type Clock, systemClock } from "../src/clock.ts";
import { sqs } from "../src/limits-of-aws.ts";

/** Calls that are made side by side: one waits for SQS while another one's answer is read. */
const lanes = 4;

/** Messages of one queue that this process has received and hides from others for the time being. */
export interface HeldMessages {
  /**
   * Receives up to `most` and hides them for `holdSeconds`. Empty when nothing is visible after `waitSeconds`, or when
   * SQS lets nobody hold more of this queue (120,000).
   */
  receive(options: { readonly most?: number; readonly waitSeconds: number }): Promise<readonly Message[]>;
  /** They are gone from the queue. */
  forget(messages: readonly Message[]): void;
  /** Makes all that are held visible again; what cannot be is visible when its time is over. Never throws. */
  handBack(): Promise<void>;
}

/** Begins with nothing held. */
export function holdMessages({
  client,
  url,
  holdSeconds,
  clock = systemClock,
}: {
  readonly client: SQSClient;
  readonly url: string;
  readonly holdSeconds: number;
  readonly clock?: Clock;
}): HeldMessages {
  const held = new Map<string, { readonly handle: string; readonly untilMs: number }>();
  return {
    async receive({ most = sqs.batchEntries, waitSeconds }) {
      const untilMs = clock.nowMs() + holdSeconds * 1_000;
      const answer = client.send(
        new ReceiveMessageCommand({
          QueueUrl: url,
          MaxNumberOfMessages: most,
          VisibilityTimeout: holdSeconds,
          WaitTimeSeconds: waitSeconds,
          MessageAttributeNames: ["All"],
          MessageSystemAttributeNames: ["All"],
        }),
      );
      const { Messages: messages = [] } = await answer.catch((thrown: unknown) => {
        if (isOverLimit(thrown)) return { Messages: [] };
        throw thrown;
      });
      for (const { MessageId: id = "", ReceiptHandle: handle = "" } of messages) {
        held.set(id, { handle, untilMs });
      }
      return messages;
    },
    forget(messages) {
      for (const { MessageId: id = "" } of messages) held.delete(id);
    },
    async handBack() {
      const nowMs = clock.nowMs();
      // Those whose time is over are visible, and may be somebody else's by now.
      const handles = [...held.values()].flatMap(({ handle, untilMs }) => (untilMs > nowMs ? [handle] : []));
      held.clear();
      const lane = async () => {
        for (let batch = handles.splice(0, 10); batch.length > 0; batch = handles.splice(0, 10)) {
          await showAgain(client, url, batch).catch(() => undefined);
        }
      };
      await Promise.all(Array.from({ length: lanes }, lane));
    },
  };
}

async function showAgain(client: SQSClient, url: string, handles: readonly string[]): Promise<void> {
  const Entries = handles.map((handle, index) => ({
    Id: String(index),
    ReceiptHandle: handle,
    VisibilityTimeout: 0,
  }));
  await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries }));
}

function isOverLimit(thrown: unknown): boolean {
  return thrown instanceof Error && /OverLimit/.test(thrown.name);
}
