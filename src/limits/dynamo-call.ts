import type { AttributeValue, TransactWriteItem, UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import type { DynamoRefusal } from "../wire/index.ts";

export type Item = Record<string, AttributeValue>;

/** The two calls of DynamoDB that limits make; both adapters answer alike. They throw when no answer came. */
export interface DynamoCalls {
  update(input: UpdateItemCommandInput): Promise<CallAnswer>;
  transact(items: readonly TransactWriteItem[], token: string): Promise<CallAnswer>;
}

export interface CallAnswer {
  /** The `Date` header: the second in which DynamoDB answered. */
  readonly storeMs: number | undefined;
  readonly outcome: { readonly status: "written"; readonly item?: Item | undefined } | DynamoRefusal;
}

/** A `Date` header in milliseconds; `undefined` where there is none that can be read. */
export function dateOf(header: string | undefined): number | undefined {
  const ms = header === undefined ? Number.NaN : Date.parse(header);
  return Number.isNaN(ms) ? undefined : ms;
}
