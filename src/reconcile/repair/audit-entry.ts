import type { Difference } from "../difference.ts";
import { SourceFault } from "../source-fault.ts";
import { briefly } from "./briefly.ts";
import type { CarriedOut } from "./carry-out.ts";
import type { AtHome } from "./look-home.ts";
import type { AuditEntry, Marker, RepairOutcome } from "./repair-store.ts";

export type RepairEntry = AuditEntry & { readonly what: "repair" };

/** What is written down of a repair that came to its end. Whoever did it is believed only as far as the look-up agrees. */
export function endEntry(
  key: string,
  marker: Marker,
  atMs: number,
  {
    carriedOut,
    isSent,
    after,
  }: { readonly carriedOut: CarriedOut; readonly isSent: boolean; readonly after: AtHome },
): RepairEntry {
  const message = carriedOut.ok ? undefined : carriedOut.message;
  if (isSent) return entryOf(key, marker, atMs, { outcome: "sent" });
  if (after instanceof SourceFault) {
    const outcome = carriedOut.ok ? "unseen" : "failed";
    return entryOf(key, marker, atMs, { outcome, message: message ?? after.message });
  }
  const outcome = !after ? "repaired" : carriedOut.ok ? "unchanged" : "failed";
  return entryOf(key, marker, atMs, { outcome, message, after: after ?? null });
}

/**
 * What is written down of a repair whose maker died over it, by whoever comes next and has looked; `undefined` where nobody
 * died.
 */
export function diedEntry(
  key: string,
  marker: Marker,
  atMs: number,
  now: Difference | undefined,
): RepairEntry | undefined {
  if (marker.state !== "begun" || marker.endsMs > atMs) return undefined;
  return entryOf(key, marker, atMs, {
    outcome: now ? "failed" : "repaired",
    message: "whoever was at it ended before it could be written down",
    after: now ?? null,
  });
}

function entryOf(
  key: string,
  { by, plan, how, before }: Marker,
  atMs: number,
  {
    outcome,
    message,
    after,
  }: {
    readonly outcome: RepairOutcome;
    readonly message?: string | undefined;
    readonly after?: Difference | null;
  },
): RepairEntry {
  return {
    what: "repair",
    at: new Date(atMs).toISOString(),
    by,
    plan,
    key,
    class: before.class,
    how,
    outcome,
    before,
    ...(after === undefined ? {} : { after: after && briefly(after) }),
    ...(message === undefined ? {} : { message }),
  };
}
