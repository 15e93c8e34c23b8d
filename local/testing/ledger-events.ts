import { systemClock } from "../../src/clock.ts";
import type { WireMessage } from "../../src/contract/index.ts";
import type { ClaimRequest, RecordRequest } from "../../src/ledger/index.ts";

let events = 0;

/** A new event each time. */
export function event(overrides: Partial<ClaimRequest> = {}): ClaimRequest {
  const id = `${process.pid}-${systemClock.nowMs()}-${events++}`;
  return {
    key: Buffer.from(id).toString("hex").padEnd(32, "0"),
    consumer: "LockStock",
    source: "shop",
    id,
    type: "order.created",
    time: "2026-01-01T00:00:00.000Z",
    hash: "a-hash",
    redelivered: false,
    ...overrides,
  };
}

/** What mode `record` writes of an event that is done. */
export function record(of: ClaimRequest, emits: readonly WireMessage[] = []): RecordRequest {
  const { redelivered: _, ...event } = of;
  return { ...event, attempts: 1, ending: { to: "done", emits } };
}

/** An event that a handler emitted. */
export function emitted(id: string): WireMessage {
  return {
    topic: "orders",
    id,
    source: "shop",
    type: "stock.locked",
    body: `{"text":"ünïcode \\u2028 ${id}"}`,
    attributes: { type: "stock.locked", cents: 1250 },
  };
}
