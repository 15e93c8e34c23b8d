import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { parser } from "@aws-lambda-powertools/batch/parser";
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import type { Context, SQSEvent } from "aws-lambda";
import { orderEnvelope } from "./order.ts";
import type { Handled } from "./sqs-handler.ts";

/**
 * Powertools as its documentation shows it: the parser in the batch processor with `innerSchema` and the `json`
 * transformer, each record made idempotent by its `messageId`.
 */
export function peerDocumented(handled: Handled) {
  const processor = new BatchProcessor(EventType.SQS, {
    parser,
    innerSchema: orderEnvelope,
    transformer: "json",
  });
  const config = new IdempotencyConfig({ eventKeyJmesPath: "messageId" });
  const persistenceStore = new DynamoDBPersistenceLayer({ tableName: "bench-idempotency" });
  const handleRecord = makeIdempotent(
    async (record: { body: { data: { orderId: string } } }) => {
      handled(record.body.data.orderId);
    },
    { persistenceStore, config },
  );

  return async (event: SQSEvent, context: Context) => {
    config.registerLambdaContext(context);
    return processPartialResponse(event, handleRecord, processor, { context });
  };
}
