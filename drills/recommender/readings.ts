import { type AttributeValue, type DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { type DeadLetters, readDeadLetters } from "../frame/read-dead-letters.ts";
import { type Customer, digestOf } from "./control.ts";
import { customersTable, recommend } from "./names.ts";

/** What the recommender has left behind, read back from its table and its dead-letter queue. */
export interface Readings extends DeadLetters {
  readonly customers: number;
  /** Orders that the customers' frequencies count. */
  readonly handled: number;
  /** Effects that stand beside them: each has its own key. */
  readonly effects: number;
  readonly cents: number;
  /** Of every customer's three numbers. */
  readonly digest: string;
}

/** Reads the table of customers and the dead letters. */
export async function readBack({
  dynamodb,
  sqs,
}: {
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
}): Promise<Readings> {
  const dead = readDeadLetters({ client: sqs, queueName: recommend.deadLetterQueueName });
  const customers: Customer[] = [];
  let effects = 0;
  const scan = { TableName: customersTable, ConsistentRead: true };
  for await (const { Items = [] } of paginateScan({ client: dynamodb }, scan)) {
    for (const item of Items) {
      customers.push(customerOf(item));
      effects += new Set(item.effects?.SS).size;
    }
  }
  return {
    customers: customers.length,
    handled: sum(customers.map(({ frequency }) => frequency)),
    effects,
    cents: sum(customers.map(({ cents }) => cents)),
    digest: digestOf(customers),
    ...(await dead),
  };
}

function customerOf(item: Readonly<Record<string, AttributeValue>>): Customer {
  const found = {
    customer: item.customer?.S ?? "",
    recency: item.recency?.S ?? "",
    frequency: Number(item.frequency?.N),
    cents: Number(item.cents?.N),
  };
  if (found.customer && found.recency && Number.isSafeInteger(found.frequency + found.cents)) return found;
  throw new Error(`an item of ${customersTable} is no customer: ${JSON.stringify(item)}`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
