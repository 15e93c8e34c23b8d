import { hash } from "node:crypto";
import type { Poison } from "../parking/index.ts";
import type { Delivery } from "./delivery.ts";

/** What a group is parked behind, out of its dead delivery. */
export function poisonOf(delivery: Delivery, diedAtMs: number): Poison {
  const { outcome, readable, attempt } = delivery;
  const died = outcome?.kind === "dead" ? outcome : undefined;
  return {
    key: poisonKey(delivery),
    ...(readable ? { id: readable.event.id, type: readable.event.type } : {}),
    reason: died?.reason ?? "unknown",
    ...(died?.error ? { error: { name: died.error.name, message: died.error.message.slice(0, 500) } } : {}),
    attempts: attempt,
    diedAtMs,
  };
}

/** What a poison is known by when it comes again: its bytes. What could not be read once may be read after an upgrade. */
export function poisonKey({ body }: Pick<Delivery, "body">): string {
  return hash("sha256", body, "hex").slice(0, 32);
}
