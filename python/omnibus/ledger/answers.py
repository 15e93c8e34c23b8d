"""What DynamoDB's answer to one statement means; `None` where the item must be read to know."""

from __future__ import annotations

from collections.abc import Mapping

from .item import LedgerItem, read_item
from .judge_claim import judge_claim
from .ports import ClaimRequest, ClaimResult, ClaimTerms, Ending, EndResult, RecordRequest, RecordResult
from .run_statements import Response


def write_result(
    request: ClaimRequest, response: Response, terms: ClaimTerms, now_ms: int
) -> ClaimResult | None:
    """Of a claim's write."""
    error = response.get("Error")
    if not error:
        before = read_item(response.get("Item"))
        if before is None:
            return ClaimResult("claimed", attempts=1)
        return ClaimResult("claimed", attempts=before.attempts + 1, taken_over=before.state == "claimed")
    if error.get("Code") not in ("ConditionalCheckFailed", "DuplicateItem"):
        return ClaimResult("failed", code=str(error.get("Code")))
    told = read_item(error.get("Item"))
    return None if told is None else judge_claim(told, request.event.hash, terms, now_ms)


def end_result(ending: Ending, response: Response, owner: str) -> EndResult | None:
    """Of a claim's end."""
    error = response.get("Error")
    if not error:
        return EndResult("ended")
    if error.get("Code") != "ConditionalCheckFailed":
        return EndResult("failed", code=str(error.get("Code")))
    told = read_item(error.get("Item"))
    if told is None:
        return None
    return EndResult("ended" if told.owner == owner and told.state == ending.to else "lost")


def record_result(
    request: RecordRequest,
    response: Response,
    found: LedgerItem | str | None,
    again: Mapping[str, RecordResult],
) -> RecordResult:
    """Of a record: `found` is what stood in its way, `again` what became of those over a dead one."""
    code = response.get("Error", {}).get("Code")
    if code is None:
        return RecordResult("recorded")
    if code != "DuplicateItem":
        return RecordResult("failed", code=code)
    if not isinstance(found, LedgerItem):
        return RecordResult("failed", code=found or code)
    if found.hash != request.event.hash:
        return RecordResult("id-reused")
    return again.get(request.event.key) or RecordResult("already", emits=found.emits)
