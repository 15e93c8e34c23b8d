"""Decides about one claim."""

from __future__ import annotations

from .item import LedgerItem
from .ports import ClaimResult, ClaimTerms


def judge_claim(item: LedgerItem | None, data_hash: str, terms: ClaimTerms, now_ms: int) -> ClaimResult:
    """What a claim may do, given the item that is there. Pure; `test/vectors/redelivery.json` has its cases.

    An item of this owner's is its own earlier call, whose answer was lost; a second attempt is then taken for a
    taken-over one, which costs it running alone and nothing else.
    """
    if item is None:
        return ClaimResult("absent")
    if item.hash != data_hash:
        return ClaimResult("id-reused")
    if item.state == "done":
        return ClaimResult("done", emits=item.emits)
    if item.state == "dead":
        # Whoever brings it back gives it all its attempts again.
        return ClaimResult("redrivable")
    if item.state == "released":
        return ClaimResult("takeable")
    if item.owner == terms.owner:
        return ClaimResult("claimed", attempts=item.attempts, taken_over=item.attempts > 1)
    if item.lease > now_ms:
        return ClaimResult("held", lease_ends_ms=item.lease)
    return ClaimResult("takeable")
