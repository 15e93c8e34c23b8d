import { hash } from "node:crypto";
import { identityOf, type WireMessage } from "../contract/index.ts";
import { OmnibusError } from "../errors.ts";

/** An event that waits: sealed already, so what is sent in the end are the bytes that were validated. Its schema is `schema/delayed.schema.json`. */
export interface Delayed {
  /** Format of this value. */
  readonly v: 1;
  /** When it is due, in milliseconds since the epoch. */
  readonly dueMs: number;
  readonly message: WireMessage;
}

/** A delayed event as a queue's message. */
export function encodeDelayed(message: WireMessage, dueMs: number): string {
  const { dueMs: _, ...sent } = message;
  return JSON.stringify({ v: 1, dueMs, message: sent } satisfies Delayed);
}

/** Reads what `encodeDelayed` wrote. Throws `OmnibusError` (`not-delayed`) for everything else. */
export function parseDelayed(body: string): Delayed {
  let value: Partial<Delayed> | undefined;
  try {
    value = JSON.parse(body) as Partial<Delayed>;
  } catch {
    value = undefined;
  }
  const { v, dueMs, message } = value ?? {};
  if (v === 1 && Number.isFinite(dueMs) && typeof message?.body === "string") return value as Delayed;
  throw new OmnibusError(
    "not-delayed",
    `the message is no delayed event of version 1: it begins with ${JSON.stringify(body.slice(0, 60))}; only publishers write to this queue`,
  );
}

/** How decisions and schedules name an event: by its identity. */
export function delayKeyOf(event: { readonly source: string; readonly id: string }): string {
  return hash("sha256", identityOf(event), "hex").slice(0, 32);
}
