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

/** Reads a refusal out of what either adapter caught: AWS's names and fields are the same. `undefined`: it is none. */
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
