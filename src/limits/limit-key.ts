import { createHash } from "node:crypto";
import type { Limit, LimitedEvent } from "./limit.ts";

/**
 * The key of a limit's item: its name, then the part of a split rate or the bucket of a quota, then the event's own key
 * as it stands, so that people can read it in the table; a long one is hashed.
 */
export function limitKey(limit: Limit, event: LimitedEvent, part: number): string {
  const own = limit.key?.(event);
  const head = `${limit.kind}#${limit.name}#${part}`;
  if (own === undefined) return head;
  return `${head}#${own.length <= 256 ? own : createHash("sha256").update(own).digest("hex")}`;
}
