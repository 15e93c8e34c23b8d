import type { Marker } from "./repair-store.ts";

/** A difference that was repaired so often, and is there still, is not repaired again by a machine. */
export const mostTries = 2;
/** And one whose repair was begun so often: it fails, or whoever is at it dies. */
export const mostBegun = 5;

/** What may be done about a difference, by what was done before. */
export type RepairVerdict =
  /** `begun` and `tries` are those of repairs that count. */
  | { readonly go: true; readonly begun: number; readonly tries: number }
  | {
      readonly go: false;
      /**
       * - `held`: somebody is at it.
       * - `done`: this plan has repaired it.
       * - `waits`: it was repaired less than a settle time ago, and may be on its way.
       * - `exhausted`: repaired twice, and there still.
       */
      readonly why: "held" | "done" | "waits" | "exhausted";
    };

/**
 * Judges one difference of a plan by its marker. Repairs count while the difference stays open: what is gone and comes back
 * is another one. A person who resumes starts the count anew.
 *
 * ```
 *  none ──▶ begun ──▶ ended ── settle ──▶ begun ──▶ ended ── settle ──▶ exhausted: a person's
 *             └─ died: lease ends ─▶ begun again
 * ```
 */
export function judgeRepair(
  marker: Marker | undefined,
  {
    content,
    firstSeenMs,
    plan,
    atMs,
    settleMs,
    resumedMs = Number.NEGATIVE_INFINITY,
    byItself,
  }: {
    readonly content: string;
    readonly firstSeenMs: number;
    readonly plan: string;
    readonly atMs: number;
    readonly settleMs: number;
    readonly resumedMs?: number | undefined;
    /** Whether nobody has approved of it. */
    readonly byItself: boolean;
  },
): RepairVerdict {
  if (!marker) return { go: true, begun: 0, tries: 0 };
  if (marker.state === "begun" && marker.endsMs > atMs) return { go: false, why: "held" };
  const isSame = marker.firstSeenMs === firstSeenMs;
  const hasEnded = marker.state === "ended" && marker.outcome !== "failed";
  if (isSame && hasEnded && marker.plan === plan && marker.content === content && !byItself) {
    return { go: false, why: "done" };
  }
  // What has failed is not on its way, and a person may have mended the cause.
  if (isSame && (hasEnded || byItself) && marker.state === "ended" && atMs - marker.begunMs < settleMs) {
    return { go: false, why: "waits" };
  }
  const counts = isSame && marker.begunMs > resumedMs;
  const { begun, tries } = counts ? marker : { begun: 0, tries: 0 };
  if (byItself && (tries >= mostTries || begun >= mostBegun)) return { go: false, why: "exhausted" };
  return { go: true, begun, tries };
}
