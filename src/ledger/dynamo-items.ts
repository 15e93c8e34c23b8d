import type { WireMessage } from "../contract/index.ts";
import { ledgerExpiryAttribute, ledgerKeyAttribute } from "../names.ts";
import { itemVersion, type LedgerItem, type LedgerState } from "./item.ts";
import type { AttributeValue, BatchStatementRequest, BatchStatementResponse } from "./statement-port.ts";

type Attributes = Record<string, AttributeValue>;

/** An item as DynamoDB hands it out, as the ledger knows it; `undefined` where there is none. */
export function readItem(attributes: Attributes | undefined): LedgerItem | undefined {
  if (!attributes?.state) return undefined;
  const emits = attributes.emits?.S;
  const reason = attributes.reason?.S;
  const replay = attributes.replay?.S;
  const result = attributes.result?.S;
  return {
    key: attributes[ledgerKeyAttribute]?.S ?? "",
    v: itemVersion,
    consumer: attributes.consumer?.S ?? "",
    source: attributes.source?.S ?? "",
    id: attributes.id?.S ?? "",
    type: attributes.type?.S ?? "",
    time: attributes.time?.S ?? "",
    hash: attributes.hash?.S ?? "",
    state: attributes.state.S as LedgerState,
    owner: attributes.owner?.S ?? "",
    lease: numberOf(attributes.lease),
    attempts: numberOf(attributes.attempts),
    ended: numberOf(attributes.ended),
    expires: numberOf(attributes[ledgerExpiryAttribute]),
    ...(reason === undefined ? {} : { reason }),
    ...(replay === undefined ? {} : { replay }),
    ...(result === undefined ? {} : { result }),
    ...(emits === undefined ? {} : { emits: JSON.parse(emits) as WireMessage[] }),
  };
}

/** Reads items by key in one consistent batch per 25: per key the item, nothing, or the code of an error. */
export async function readItems(
  keys: readonly string[],
  statement: (key: string) => BatchStatementRequest,
  run: (statements: readonly BatchStatementRequest[]) => Promise<readonly BatchStatementResponse[]>,
): Promise<ReadonlyMap<string, { item?: LedgerItem; error?: string }>> {
  const responses = await run(keys.map(statement));
  return new Map(
    keys.map((key, index) => {
      const response = responses[index];
      const error = response?.Error?.Code;
      const item = readItem(response?.Item);
      return [key, { ...(error ? { error } : {}), ...(item ? { item } : {}) }];
    }),
  );
}

function numberOf(value: AttributeValue | undefined): number {
  return Number(value?.N ?? 0);
}
