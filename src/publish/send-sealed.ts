import type { WireMessage } from "../contract/index.ts";
import { describeError, OmnibusError } from "../errors.ts";
import { isFifo } from "../names.ts";
import type { SendResult } from "./ports.ts";
import { measure } from "./refuse-message.ts";
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
  }: { readonly sender: Sender; readonly maxBytes: number; readonly isClosed: () => boolean },
  messages: readonly WireMessage[],
): Promise<readonly SendResult[]> {
  if (isClosed()) return messages.map(() => closedResult);
  const stuckGroups = new Set<string>();
  const results = messages.map((message) => {
    const group = isFifo(message.topic) ? `${message.topic} ${message.groupId}` : undefined;
    if (group !== undefined && stuckGroups.has(group)) return overtaking;
    try {
      const measured = measure(message, maxBytes);
      return new Promise<SendResult>((resolve) => {
        sender.add(measured, (_, result) => resolve(result));
      });
    } catch (error) {
      if (group !== undefined) stuckGroups.add(group);
      const code = error instanceof OmnibusError ? error.code : "invalid";
      return {
        ok: false,
        code,
        message: describeError(error).message,
        retryable: false,
      } satisfies SendResult;
    }
  });
  sender.hurry();
  return Promise.all(results);
}
