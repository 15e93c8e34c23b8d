import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Context, SQSEvent, SQSRecord } from "aws-lambda";
import { orderEnvelope } from "./order.ts";
import type { Handled } from "./sqs-handler.ts";

/**
 * Powertools with everything its own options allow to save: the schema built once and called directly, a key of
 * its own (the event's identity) instead of a JMESPath search through the record, one client with as many kept
 * connections as a batch has records.
 */
export function peerTuned(handled: Handled) {
  const processor = new BatchProcessor(EventType.SQS);
  const config = new IdempotencyConfig({});
  const persistenceStore = new DynamoDBPersistenceLayer({
    tableName: "bench-idempotency",
    awsSdkV3Client: new DynamoDBClient({
      requestHandler: { httpAgent: { keepAlive: true, maxSockets: 50 } },
    }),
  });
  const handleOrder = makeIdempotent(
    async (_identity: string, data: { orderId: string }) => {
      handled(data.orderId);
    },
    { persistenceStore, config, dataIndexArgument: 0 },
  );
  const handleRecord = async (record: SQSRecord) => {
    const event = orderEnvelope.parse(JSON.parse(record.body));
    await handleOrder(`${event.source}\n${event.id}`, event.data);
  };

  return async (event: SQSEvent, context: Context) => {
    config.registerLambdaContext(context);
    return processPartialResponse(event, handleRecord, processor, { context });
  };
}
