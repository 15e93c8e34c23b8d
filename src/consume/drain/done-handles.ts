import type { SqsBatchResponse, SqsRecord } from "../sqs-event.ts";

/** The handles of what a batch has done with: all that its answer does not name, as Lambda reads it. */
export function doneHandles(
  records: readonly SqsRecord[],
  { batchItemFailures }: Pick<SqsBatchResponse, "batchItemFailures">,
): readonly string[] {
  const again = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  return records.flatMap(({ messageId, receiptHandle }) => (again.has(messageId) ? [] : [receiptHandle]));
}
