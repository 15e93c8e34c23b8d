import { type CancellationReason, cancellationReasons } from "../wire/index.ts";
import type { Item, ItemAddress, Write } from "./ports.ts";

/** The two calls of DynamoDB that transactions make; both adapters answer alike. They throw when no answer came. */
export interface DynamoCalls {
  get(at: ItemAddress): Promise<Item | undefined>;
  transact(items: readonly Write[], token: string): Promise<TransactAnswer>;
}

export type TransactAnswer =
  | { readonly status: "written" }
  /** What DynamoDB says of each write, in order; `None` where there is nothing to say. */
  | { readonly status: "canceled"; readonly reasons: readonly CancellationReason[] }
  /** Not begun: another one stands in the way, or too much is asked of DynamoDB now. */
  | { readonly status: "busy"; readonly code: string }
  /** DynamoDB does not take it as it is. */
  | { readonly status: "invalid"; readonly code: string; readonly message: string };

const busy = /Throttl|LimitExceeded|ThroughputExceeded|TransactionConflict|TransactionInProgress/;

/** Reads what DynamoDB answered out of what either adapter caught. `undefined`: no answer came. */
export function answerOf(thrown: unknown): TransactAnswer | undefined {
  const reasons = cancellationReasons(thrown);
  if (reasons) return { status: "canceled", reasons };
  const { name, message, $metadata } = thrown as {
    name?: string;
    message?: string;
    $metadata?: { readonly httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode ?? 0;
  if (name === undefined || status < 400 || status >= 500) return undefined;
  if (busy.test(name)) return { status: "busy", code: name };
  return { status: "invalid", code: name, message: message ?? "" };
}
