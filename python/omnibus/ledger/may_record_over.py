"""Whether an end that had no claim may be written over an item with the same data."""

from __future__ import annotations

from .item import LedgerItem
from .ports import Ending


def may_record_over(item: LedgerItem, ending: Ending, now_ms: float) -> bool:
    """What is done stays. Done is written over all else, since the effect is there; dead is not written over the claim
    of a run that is at work."""
    if item.state == "done":
        return False
    return ending.to == "done" or item.state != "claimed" or item.lease <= now_ms
