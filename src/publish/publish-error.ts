import type { WireMessage } from "../contract/index.ts";
import { PublishError, type PublishFailure } from "../errors.ts";
import type { SendFailure } from "./send-failure.ts";

/** A message that was not sent, as `PublishError.failed` names it. */
export function toFailure({ id, type }: WireMessage, result: SendFailure): PublishFailure {
  return { id, type, code: result.code, message: result.message, retryable: result.retryable };
}

/** The error that names every event that was not published, and says the first one's reason. */
export function publishError(
  failed: readonly PublishFailure[],
  published: number,
  stopped?: { readonly code: string; readonly why: string; readonly cause?: unknown },
): PublishError {
  const parts = [`${failed.length} of ${failed.length + published} events were not published`];
  const first = failed[0];
  if (first) parts.push(`the first is ${first.type} ${first.id} (${first.code}: ${first.message})`);
  if (stopped) parts.push(`and no more was read, because ${stopped.why}`);
  return new PublishError(stopped?.code ?? "publish-failed", parts.join("; "), {
    failed,
    published,
    cause: stopped?.cause,
  });
}
