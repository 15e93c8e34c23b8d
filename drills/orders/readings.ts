import { type DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { type DeadLetters, readDeadLetters } from "../frame/read-dead-letters.ts";
import { type ConsumerName, consumers, type OrdersConsumer } from "./consumers.ts";

/** What one consumer has left behind, read back from its table and its dead-letter queue. */
export interface Reading extends DeadLetters {
  /** Effects in the table: each has its own key. */
  readonly handled: number;
  /** Sum of the effects, or their count. */
  readonly total: number;
}

export type Readings = Readonly<Record<ConsumerName, Reading>>;

/** Reads every consumer's effects and dead letters. The dead letters are visible again afterwards. */
export async function readBack({
  dynamodb,
  sqs,
  waitSeconds = 1,
}: {
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  /** How long an empty queue is waited for. @default 1, so that AWS asks all of its servers */
  readonly waitSeconds?: number;
}): Promise<Readings> {
  const entries = await Promise.all(
    consumers.map(async (consumer) => {
      const [effects, dead] = await Promise.all([
        readEffects(dynamodb, consumer),
        readDeadLetters({ client: sqs, queueName: consumer.deadLetterQueueName, waitSeconds }),
      ]);
      return [consumer.name, { ...effects, ...dead }] as const;
    }),
  );
  return Object.fromEntries(entries) as Record<ConsumerName, Reading>;
}

/** What was added between two readings: with a kept data directory, earlier runs have left theirs. */
export function since(before: Readings, after: Readings): Readings {
  const entries = consumers.map(({ name }) => {
    const then = before[name];
    const now = after[name];
    const reasons = Object.entries(now.reasons).map(
      ([reason, count]) => [reason, count - (then.reasons[reason] ?? 0)] as const,
    );
    return [
      name,
      {
        handled: now.handled - then.handled,
        total: now.total - then.total,
        deadLetters: now.deadLetters - then.deadLetters,
        reasons: Object.fromEntries(reasons.filter(([, count]) => count !== 0)),
      },
    ] as const;
  });
  return Object.fromEntries(entries) as Record<ConsumerName, Reading>;
}

async function readEffects(client: DynamoDBClient, { tableName, sum }: OrdersConsumer) {
  const projection =
    sum === undefined
      ? { Select: "COUNT" as const }
      : { ProjectionExpression: "#sum", ExpressionAttributeNames: { "#sum": sum } };
  let handled = 0;
  let total = 0;
  for await (const page of paginateScan(
    { client },
    { TableName: tableName, ConsistentRead: true, ...projection },
  )) {
    handled += page.Count ?? 0;
    if (sum === undefined) {
      total += page.Count ?? 0;
      continue;
    }
    for (const item of page.Items ?? []) {
      const value = Number(item[sum]?.N);
      if (!Number.isSafeInteger(value)) {
        throw new Error(`an effect in ${tableName} has no whole number in "${sum}": ${JSON.stringify(item)}`);
      }
      total += value;
    }
  }
  return { handled, total };
}
