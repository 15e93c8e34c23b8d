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
