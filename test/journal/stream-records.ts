import type { StreamRecord } from "../../src/journal/index.ts";
import type { LedgerItem } from "../../src/ledger/index.ts";

/** When the tests' events are completed. */
export const endedMs = Date.UTC(2026, 10, 27, 1, 30);

/** A ledger item as the ledger keeps it. */
export function item(fields: Partial<LedgerItem & { replay: string }> = {}): LedgerItem {
  return {
    key: "00112233445566778899aabbccddeeff",
    v: 1,
    consumer: "LockStock",
    source: "/shop/web",
    id: "o-1",
    type: "order.created",
    time: "2026-11-27T01:29:59.500Z",
    hash: "a".repeat(64),
    state: "done",
    owner: "request-1",
    lease: endedMs + 10_000,
    attempts: 1,
    ended: endedMs,
    expires: 1_800_000_000,
    ...fields,
  };
}

/** A record of the ledger table's stream: an item as it is now, and as it was. */
export function changed(now: LedgerItem | undefined, before?: LedgerItem): StreamRecord {
  return {
    eventName: now === undefined ? "REMOVE" : before === undefined ? "INSERT" : "MODIFY",
    dynamodb: {
      ...(now === undefined ? {} : { NewImage: image(now) }),
      ...(before === undefined ? {} : { OldImage: image(before) }),
    },
  };
}

function image(of: LedgerItem) {
  return Object.fromEntries(
    Object.entries(of).map(([name, value]) => [
      name === "key" ? "pk" : name,
      typeof value === "number"
        ? { N: String(value) }
        : { S: typeof value === "string" ? value : JSON.stringify(value) },
    ]),
  );
}
