import {
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { accountsTable, debitsTable } from "./names.ts";
import { spanMs } from "./times.ts";
import type { Transfer } from "./transfers.ts";

/** A debit of bank A: what its customer has paid, and when. */
export interface Debit extends Transfer {
  readonly atMs: number;
}

const settlement = { account: { S: "settlement" } };
const desk = { account: { S: "desk" } };

/** Bank A's book in DynamoDB. */
export interface DebitBook {
  /** Debits some transfers and the account, all of it or nothing; those that are debited already stay as they are. */
  debit(debits: readonly Debit[]): Promise<readonly Debit[]>;
  /** How many transfers were told, as the desk has noted it. */
  told(): Promise<number>;
  noteTold(transfers: number): Promise<void>;
  /** All that was debited so far, in cents. */
  debitedCents(): Promise<number>;
}

/** Opens bank A's book, for at most 90 transfers at once. */
export function openDebitBook(client: DynamoDBClient): DebitBook {
  const known = async (debits: readonly Debit[]): Promise<readonly Debit[] | undefined> => {
    const { Responses } = await client.send(
      new BatchGetItemCommand({
        RequestItems: {
          [debitsTable]: {
            Keys: debits.map(({ transfer }) => ({ id: { S: transfer } })),
            ConsistentRead: true,
          },
        },
      }),
    );
    const atMs = new Map((Responses?.[debitsTable] ?? []).map(({ id, at }) => [id?.S, Number(at?.N)]));
    if (atMs.size === 0) return undefined;
    return debits.map((debit) => ({ ...debit, atMs: atMs.get(debit.transfer) ?? debit.atMs }));
  };
  return {
    async debit(debits) {
      try {
        await client.send(
          new TransactWriteItemsCommand({
            TransactItems: [
              ...debits.map(({ transfer, customer, cents, atMs }) => ({
                Put: {
                  TableName: debitsTable,
                  Item: {
                    id: { S: transfer },
                    customer: { S: customer },
                    cents: { N: String(cents) },
                    at: { N: String(atMs) },
                    span: { N: String(Math.floor(atMs / spanMs)) },
                  },
                  ConditionExpression: "attribute_not_exists(id)",
                },
              })),
              {
                Update: {
                  TableName: accountsTable,
                  Key: settlement,
                  UpdateExpression: "ADD cents :cents",
                  ExpressionAttributeValues: {
                    ":cents": { N: String(debits.reduce((sum, { cents }) => sum + cents, 0)) },
                  },
                },
              },
            ],
          }),
        );
        return debits;
      } catch (error) {
        // The answer to an earlier try was lost: what stands in the book is told, with its time.
        const found =
          error instanceof Error && error.name === "TransactionCanceledException" && (await known(debits));
        if (found) return found;
        throw error;
      }
    },
    async told() {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: accountsTable, Key: desk, ConsistentRead: true }),
      );
      return Number(Item?.told?.N ?? 0);
    },
    async noteTold(transfers) {
      await client.send(
        new UpdateItemCommand({
          TableName: accountsTable,
          Key: desk,
          UpdateExpression: "SET told = :told",
          ExpressionAttributeValues: { ":told": { N: String(transfers) } },
        }),
      );
    },
    async debitedCents() {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: accountsTable, Key: settlement, ConsistentRead: true }),
      );
      return Number(Item?.cents?.N ?? 0);
    },
  };
}
