import type { ClaimWriter } from "../claim-check/index.ts";
import type { SendResult, TopicPort } from "./ports.ts";
import { describeCallFailure, type SendFailure } from "./send-failure.ts";

/**
 * Topics that messages reach only when their data is stored. What cannot be stored fails alone, and is tried again as every
 * other failure is; order and batches stay as they are.
 */
export function claimingTopics(
  topics: TopicPort,
  claims: () => ClaimWriter | Promise<ClaimWriter>,
): TopicPort {
  return {
    async publishBatch(topicArn, messages) {
      const unstored = await Promise.all(
        messages.map(async (message): Promise<SendFailure | undefined> => {
          try {
            await (await claims()).store(message);
            return undefined;
          } catch (error) {
            const { code, message: why, retryable } = describeCallFailure(error);
            const text = `its data could not be stored in the bucket of claims (${code}: ${why})`;
            return { ok: false, code: "claim-not-stored", message: text, retryable };
          }
        }),
      );
      const stored = messages.filter((_, index) => unstored[index] === undefined);
      const results = stored.length === 0 ? [] : await topics.publishBatch(topicArn, stored);
      let next = 0;
      return unstored.map((failure) => failure ?? (results[next++] as SendResult));
    },
  };
}
