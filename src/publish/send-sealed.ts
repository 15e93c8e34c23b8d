import type { WireMessage } from "../contract/index.ts";
import { describeError, OmnibusError, PublishError } from "../errors.ts";
import { isFifo } from "../names.ts";
import type { SendResult } from "./ports.ts";
import type { Published } from "./publisher.ts";
import { type Measured, measure } from "./refuse-message.ts";
import { overtaking, type Sender } from "./sender.ts";

const closedResult: SendResult = {
  ok: false,
  code: "publisher-closed",
  message: "the publisher is closed: make another",
  retryable: true,
};

/** Sends messages that are sealed already, as `Publisher.send` promises. */
export async function sendSealed(
  {
    sender,
    maxBytes,
    isClosed,
    delay,
  }: {
    readonly sender: Sender;
    readonly maxBytes: number;
    readonly isClosed: () => boolean;
    /** Hands over what is due at a time of its own. */
    readonly delay: (measured: Measured, dueMs: number) => Promise<Published>;
  },
  messages: readonly WireMessage[],
): Promise<readonly SendResult[]> {
  if (isClosed()) return messages.map(() => closedResult);
  const stuckGroups = new Set<string>();
  const results = messages.map((message) => {
    const { dueMs } = message;
    // What is due later joins its group then.
    const group =
      isFifo(message.topic) && dueMs === undefined ? `${message.topic} ${message.groupId}` : undefined;
    if (group !== undefined && stuckGroups.has(group)) return overtaking;
    try {
      const measured = measure(message, maxBytes);
      if (dueMs !== undefined) return delay(measured, dueMs).then(taken, failureOf);
      return new Promise<SendResult>((resolve) => {
        sender.add(measured, (_, result) => resolve(result));
      });
    } catch (error) {
      if (group !== undefined) stuckGroups.add(group);
      return failureOf(error);
    }
  });
  sender.hurry();
  return Promise.all(results);
}

function taken({ messageId }: Published): SendResult {
  return { ok: true, messageId };
}

function failureOf(error: unknown): SendResult {
  const [failed] = error instanceof PublishError ? error.failed : [];
  if (failed) return { ok: false, code: failed.code, message: failed.message, retryable: failed.retryable };
  const code = error instanceof OmnibusError ? error.code : "invalid";
  return { ok: false, code, message: describeError(error).message, retryable: false };
}
