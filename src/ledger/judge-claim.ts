import type { LedgerItem } from "./item.ts";
import type { ClaimRequest, ClaimResult, ClaimTerms } from "./ports.ts";

/** What a claim may do, given the item that is there: the verdict, or that it is free to be written. */
export type Judgement =
  | ClaimResult
  | { readonly status: "absent" }
  /** Given back, or its lease is over. */
  | { readonly status: "takeable" }
  /** Dead: whoever brings it back gives it all its attempts again. */
  | { readonly status: "redrivable" };

/**
 * Decides about one claim. Pure: every adapter asks it, so every adapter agrees.
 *
 * An item of this owner's is its own earlier call, whose answer was lost. Its `takenOver` is then not known any
 * more; a second attempt is taken for one, which costs it running alone and nothing else.
 */
export function judgeClaim(
  item: LedgerItem | undefined,
  request: ClaimRequest,
  terms: ClaimTerms,
  nowMs: number,
): Judgement {
  if (!item) return { status: "absent" };
  if (item.hash !== request.hash) return { status: "id-reused" };
  switch (item.state) {
    case "done":
      return { status: "done", emits: item.emits ?? [] };
    case "dead":
      return { status: "redrivable" };
    case "released":
      return { status: "takeable" };
    case "claimed":
      if (item.owner === terms.owner) {
        return { status: "claimed", attempts: item.attempts, takenOver: item.attempts > 1 };
      }
      return item.lease > nowMs ? { status: "held", leaseEndsMs: item.lease } : { status: "takeable" };
  }
}
