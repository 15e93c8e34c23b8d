import type { AttributeValue, TransactWriteItem, UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";

export type Item = Record<string, AttributeValue>;

/** The two calls of DynamoDB that limits make; both adapters answer alike. They throw when no answer came. */
export interface DynamoCalls {
  update(input: UpdateItemCommandInput): Promise<CallAnswer>;
  transact(items: readonly TransactWriteItem[], token: string): Promise<CallAnswer>;
}

export interface CallAnswer {
  /** The `Date` header: the second in which DynamoDB answered. */
  readonly storeMs: number | undefined;
  readonly outcome:
    | { readonly status: "written"; readonly item?: Item | undefined }
    /** A condition did not hold. `items`: what stood there, one for each write, as far as it is known. */
    | { readonly status: "refused"; readonly items: readonly (Item | undefined)[] }
    /** Another transaction had one of the items in its hands. */
    | { readonly status: "conflict" };
}

/** Reads a refusal out of what either adapter caught: AWS's names and fields are the same. `undefined`: it is none. */
export function refusalOf(thrown: unknown): CallAnswer["outcome"] | undefined {
  const { name, Item, CancellationReasons } = thrown as {
    name?: string;
    Item?: Item;
    CancellationReasons?: readonly { Code?: string; Item?: Item }[];
  };
  if (name === "ConditionalCheckFailedException") return { status: "refused", items: [Item] };
  if (name === "TransactionConflictException" || name === "TransactionInProgressException") {
    return { status: "conflict" };
  }
  if (name !== "TransactionCanceledException" || !CancellationReasons) return undefined;
  const codes = CancellationReasons.map((reason) => reason.Code);
  if (codes.includes("TransactionConflict")) return { status: "conflict" };
  if (!codes.includes("ConditionalCheckFailed")) return undefined;
  return { status: "refused", items: CancellationReasons.map((reason) => reason.Item) };
}

/** A `Date` header in milliseconds; `undefined` where there is none that can be read. */
export function dateOf(header: string | undefined): number | undefined {
  const ms = header === undefined ? Number.NaN : Date.parse(header);
  return Number.isNaN(ms) ? undefined : ms;
}
