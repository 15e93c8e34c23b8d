import type {
  AttributeValue,
  BatchGetItemCommandInput,
  BatchGetItemCommandOutput,
  QueryCommandInput,
  QueryCommandOutput,
  TransactWriteItem,
} from "@aws-sdk/client-dynamodb";

export type Item = Record<string, AttributeValue>;

/** The three calls of DynamoDB that parking makes; both adapters answer alike. They throw when no answer came. */
export interface DynamoCalls {
  get(
    input: BatchGetItemCommandInput,
  ): Promise<Pick<BatchGetItemCommandOutput, "Responses" | "UnprocessedKeys">>;
  query(input: QueryCommandInput): Promise<Pick<QueryCommandOutput, "Items" | "LastEvaluatedKey">>;
  /** `refused`: a condition did not hold. `conflict`: another transaction had one of the items in its hands. */
  transact(items: readonly TransactWriteItem[], token: string): Promise<"written" | "refused" | "conflict">;
}
