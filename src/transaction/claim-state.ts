import type { LedgerItem } from "../ledger/index.ts";
import type { ClaimState } from "./ports.ts";

/** What an item of the ledger says of the claim of `owner`. */
export function claimStateOf(
  item: Pick<LedgerItem, "owner" | "state"> | undefined,
  owner: string,
): ClaimState {
  if (item?.owner !== owner) return "lost";
  if (item.state === "claimed") return "open";
  return item.state === "done" ? "done" : "lost";
}
