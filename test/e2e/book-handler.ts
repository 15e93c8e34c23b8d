import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { ChangeMessageVisibilityCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { consume, type SqsHandler } from "../../src/consume/index.ts";
import { readSettings } from "../../src/env.ts";
import { ledgerTableName, queueName } from "../../src/names.ts";
import { dynamoTransactions } from "../../src/transaction/index.ts";
import { countWrite } from "./count-write.ts";
import { orderPromised } from "./promise-contracts.ts";

const { bus = "", consumer = "", keepMs = 0 } = readSettings() ?? {};
const store = dynamoTransactions({ table: ledgerTableName(bus), keepMs });
const dynamodb = new DynamoDBClient({});
const sqs = new SQSClient({});
/** Orders, by the ledger's key, whose first booking is the end of this process. */
const deadly = new Map<string, number>();
let receipts: readonly string[] = [];

const book = consume(
  orderPromised,
  ({ data: { order, cents, isKilled } }, ctx) => {
    if (isKilled && ctx.attempt === 1) deadly.set(ctx.effectKey, order);
    return [{ Update: countWrite(`booked ${order}`) }, { Update: countWrite("total", cents) }];
  },
  {
    transactions: {
      ...store,
      async commit(attempt) {
        const answer = await store.commit(attempt);
        const order = deadly.get(attempt.key);
        if (order !== undefined && answer.status === "committed") await die(order);
        return answer;
      },
    },
  },
);

/** Books orders in mode `transaction`; killed between commit and answer where an order says so. */
export const handler: SqsHandler = (event, context) => {
  receipts = event.Records.map(({ receiptHandle }) => receiptHandle);
  return book(event, context);
};

async function die(order: number): Promise<never> {
  await dynamodb.send(new UpdateItemCommand(countWrite(`killed ${order}`)));
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueName(bus, consumer, false) }));
  // What a killed function held shows again after six of its timeouts: a test need not wait for that.
  for (const ReceiptHandle of receipts) {
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 1 }));
  }
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => {});
}
