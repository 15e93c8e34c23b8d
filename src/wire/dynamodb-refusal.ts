import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { WireError } from "./wire-client.ts";

/** What DynamoDB says of one write of a transaction that it canceled. */
export interface CancellationReason {
  readonly Code?: string | undefined;
  readonly Message?: string | undefined;
  readonly Item?: Record<string, AttributeValue> | undefined;
}

/** A write that DynamoDB did not carry out. */
export type DynamoRefusal =
  /** A condition did not hold. `items`: what stood there, one for each write, as far as it was asked for and is known. */
  | { readonly status: "refused"; readonly items: readonly (Record<string, AttributeValue> | undefined)[] }
  /** Another transaction had one of the items in its hands. */
  | { readonly status: "conflict" };

/**
 * Reads a refusal out of what a call of either adapter threw: AWS's names are the same in both. `undefined`: it is none, and
 * whether the write was carried out is not known.
 */
export function refusalOf(thrown: unknown): DynamoRefusal | undefined {
  const { name } = thrown as { readonly name?: string };
  if (name === "ConditionalCheckFailedException") {
    return { status: "refused", items: [explained(thrown).Item] };
  }
  if (name === "TransactionConflictException" || name === "TransactionInProgressException") {
    return { status: "conflict" };
  }
  const reasons = cancellationReasons(thrown);
  const codes = reasons?.map(({ Code }) => Code);
  if (codes?.includes("TransactionConflict")) return { status: "conflict" };
  if (!reasons || !codes?.includes("ConditionalCheckFailed")) return undefined;
  return { status: "refused", items: reasons.map(({ Item }) => Item) };
}

/**
 * What a canceled transaction says of each of its writes, in their order; `undefined`: it was not canceled. Binary values of
 * items are as the adapter has them: bytes, or text in Base64.
 */
export function cancellationReasons(thrown: unknown): readonly CancellationReason[] | undefined {
  const { name } = thrown as { readonly name?: string };
  return name === "TransactionCanceledException" ? explained(thrown).CancellationReasons : undefined;
}

interface Explained {
  readonly Item?: Record<string, AttributeValue>;
  readonly CancellationReasons?: readonly CancellationReason[];
}

/** The AWS SDK's errors have it beside their name, those of signed HTTP in their answer. */
function explained(thrown: unknown): Explained {
  if (!(thrown instanceof WireError)) return thrown as Explained;
  return JSON.parse(thrown.answer?.body || "{}") as Explained;
}
