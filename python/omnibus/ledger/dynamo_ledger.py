"""The ledger on DynamoDB."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..clock import Clock, system_clock
from .answers import end_result, record_result, write_result
from .item import LedgerItem, read_item
from .judge_claim import judge_claim
from .may_record_over import may_record_over
from .ports import ClaimRequest, ClaimResult, ClaimTerms, Ending, EndResult, RecordRequest, RecordResult
from .run_statements import Response, RunStatements, boto_statements, run_on
from .statements import Statement, Statements

_open = ("absent", "takeable", "redrivable")
"""A claim may be written where this was found."""


class DynamoLedger:
    """Requests: one for a batch of first deliveries, two where some were seen before (the write, then one
    consistent read of what it left unexplained), three where some of those could be taken over.

    `keep_ms`: how long an item is kept after its last write.
    """

    def __init__(
        self, table: str, keep_ms: float, *, clock: Clock = system_clock, run: RunStatements | None = None
    ) -> None:
        self._statements = Statements(table)
        self._keep_ms = keep_ms
        self._clock = clock
        self._run = run or boto_statements(table)

    def claim(self, requests: Sequence[ClaimRequest], terms: ClaimTerms) -> list[ClaimResult]:
        responses = self._run([self._first_try(request, terms) for request in requests])
        results = self._explained(requests, terms, responses)
        open_at = [at for at, result in enumerate(results) if result.status in _open]
        if not open_at:
            return results
        again = [requests[at] for at in open_at]
        rewrites = [self._second_try(requests[at], results[at], terms) for at in open_at]
        for at, result in zip(open_at, self._explained(again, terms, run_on(self._run, rewrites))):
            # What is still open after the second try is being fought over: others hold it, for now.
            fought_over = ClaimResult("held", lease_ends_ms=self._clock.now_ms())
            results[at] = fought_over if result.status in _open else result
        return results

    def end(self, endings: Sequence[Ending], owner: str) -> list[EndResult]:
        now_ms, expires = self._clock.now_ms(), self._expires()
        responses = self._run([self._statements.end(ending, owner, expires, now_ms) for ending in endings])
        results = [end_result(ending, response, owner) for ending, response in zip(endings, responses)]
        found = self._read([ending.key for ending, result in zip(endings, results) if result is None])
        return [
            result or _ended_by(ending, found[ending.key], owner) for ending, result in zip(endings, results)
        ]

    def record(self, requests: Sequence[RecordRequest]) -> list[RecordResult]:
        now_ms, expires = self._clock.now_ms(), self._expires()
        responses = self._run([self._statements.record(request, expires, now_ms) for request in requests])
        refused = [
            request
            for request, response in zip(requests, responses)
            if response.get("Error", {}).get("Code") == "DuplicateItem"
        ]
        found = self._read([request.event.key for request in refused])
        undone = [request for request in refused if _may_go_over(found[request.event.key], request, now_ms)]
        again: dict[str, RecordResult] = {}
        if undone:
            over = [self._statements.record_over(request, expires, now_ms) for request in undone]
            for request, answer in zip(undone, run_on(self._run, over)):
                code = answer.get("Error", {}).get("Code")
                again[request.event.key] = RecordResult("failed", code=code) if code else RecordResult("recorded")
        return [
            record_result(request, response, found.get(request.event.key), again)
            for request, response in zip(requests, responses)
        ]

    def sent(self, keys: Sequence[str]) -> None:
        if keys:
            self._run([self._statements.sent(key) for key in keys])

    def _first_try(self, request: ClaimRequest, terms: ClaimTerms) -> Statement:
        if request.redelivered:
            return self._statements.take_over(request, terms, self._expires(), self._clock.now_ms())
        return self._statements.claim(request, terms, self._expires())

    def _second_try(self, request: ClaimRequest, found: ClaimResult, terms: ClaimTerms) -> Statement:
        if found.status == "absent":
            return self._statements.claim(request, terms, self._expires())
        if found.status == "redrivable":
            return self._statements.redrive(request, terms, self._expires())
        return self._statements.take_over(request, terms, self._expires(), self._clock.now_ms())

    def _expires(self) -> int:
        return math.ceil((self._clock.now_ms() + self._keep_ms) / 1000)

    def _explained(
        self, requests: Sequence[ClaimRequest], terms: ClaimTerms, responses: Sequence[Response]
    ) -> list[ClaimResult]:
        """What was written, and an explanation of what was refused."""
        now_ms = self._clock.now_ms()
        results = [
            write_result(request, response, terms, now_ms) for request, response in zip(requests, responses)
        ]
        found = self._read([request.event.key for request, result in zip(requests, results) if result is None])

        def explained(request: ClaimRequest) -> ClaimResult:
            item = found[request.event.key]
            if isinstance(item, str):
                return ClaimResult("failed", code=item)
            return judge_claim(item, request.event.hash, terms, self._clock.now_ms())

        return [result or explained(request) for request, result in zip(requests, results)]

    def _read(self, keys: Sequence[str]) -> dict[str, LedgerItem | str | None]:
        """Per key the item, nothing, or the code of an error."""
        if not keys:
            return {}
        responses = run_on(self._run, [self._statements.read(key) for key in keys])
        return {
            key: response.get("Error", {}).get("Code") or read_item(response.get("Item"))
            for key, response in zip(keys, responses)
        }


def _may_go_over(found: LedgerItem | str | None, request: RecordRequest, now_ms: float) -> bool:
    if not isinstance(found, LedgerItem) or found.hash != request.event.hash:
        return False
    return may_record_over(found, request.ending, now_ms)


def _ended_by(ending: Ending, found: LedgerItem | str | None, owner: str) -> EndResult:
    """A refused ending: ours from an earlier try whose answer was lost, or another owner's."""
    if isinstance(found, str):
        return EndResult("failed", code=found)
    ours = found is not None and found.owner == owner and found.state == ending.to
    return EndResult("ended" if ours else "lost")
