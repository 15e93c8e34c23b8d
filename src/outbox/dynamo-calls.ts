import type {
  BatchGetItemCommandInput,
  BatchGetItemCommandOutput,
  BatchWriteItemCommandInput,
  BatchWriteItemCommandOutput,
  QueryCommandInput,
  QueryCommandOutput,
  TransactWriteItem,
  UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import type { Item } from "./row.ts";

/** The calls of DynamoDB that an outbox makes; both adapters answer alike. They throw when no answer came. */
export interface DynamoCalls {
  get(
    input: BatchGetItemCommandInput,
  ): Promise<Pick<BatchGetItemCommandOutput, "Responses" | "UnprocessedKeys">>;
  query(input: QueryCommandInput): Promise<Pick<QueryCommandOutput, "Items" | "LastEvaluatedKey">>;
  /** Puts and deletes, each for itself. */
  write(input: BatchWriteItemCommandInput): Promise<Pick<BatchWriteItemCommandOutput, "UnprocessedItems">>;
  /** Not `written`: the condition did not hold. The item is what `ReturnValues…` asks for. */
  update(input: UpdateItemCommandInput): Promise<{ readonly written: boolean; readonly item: Item }>;
  /** `refused`: a condition did not hold. `conflict`: another transaction had one of the items in its hands. */
  transact(items: readonly TransactWriteItem[], token: string): Promise<"written" | "refused" | "conflict">;
}

/** Whether an answer says that a condition did not hold: AWS's name for it is the same in both adapters. */
export function isRefused(name: string): boolean {
  return name === "ConditionalCheckFailedException";
}

/** Reads a transaction's refusal out of what either adapter caught. `undefined`: it is none. */
export function refusalOf(
  name: string,
  reasons: readonly { readonly Code?: string | undefined }[] | undefined,
): "refused" | "conflict" | undefined {
  if (name === "TransactionConflictException" || name === "TransactionInProgressException") return "conflict";
  if (name !== "TransactionCanceledException" || !reasons) return undefined;
  const codes = reasons.map(({ Code }) => Code);
  if (codes.includes("TransactionConflict")) return "conflict";
  return codes.includes("ConditionalCheckFailed") ? "refused" : undefined;
}
