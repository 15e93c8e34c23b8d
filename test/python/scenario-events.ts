import type { SqsRecord } from "../../src/consume/index.ts";
import { dataHash } from "../../src/contract/index.ts";
import { again } from "../helpers/consumer-world.ts";

export type What = "handle" | "fail" | "permanent" | "emit" | "emit-too-much" | "abort" | "hang";

let made = 0;

/** An `order.created` by hand, as a publisher without a library writes it. */
export function orderEvent(what: What = "handle", over: Readonly<Record<string, unknown>> = {}) {
  const id = `order-${process.pid}-${made++}`;
  const data = { orderId: `o-${id}`, cents: 1250, do: what };
  const envelope = {
    specversion: "1.0",
    id,
    source: "/shop/web",
    type: "order.created",
    time: "2026-01-31T12:00:00Z",
    dataschema: "urn:omnibus:order.created:1",
    data,
    ...over,
  };
  return { id, hash: dataHash(envelope.data), envelope, body: JSON.stringify(envelope) };
}

/** The messages that come again. */
export const failed = (answer: { batchItemFailures: readonly { itemIdentifier: string }[] } | undefined) =>
  answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

/** The same messages as SQS hands them out the next time. */
export const redelivered = (records: readonly SqsRecord[]) => records.map(again);

export const ids = (records: readonly SqsRecord[]) => records.map(({ messageId }) => messageId);
