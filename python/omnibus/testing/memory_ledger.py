"""The ledger in this process's memory."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

from ..clock import Clock, system_clock
from ..ledger.item import LedgerItem
from ..ledger.judge_claim import judge_claim
from ..ledger.may_record_over import may_record_over
from ..ledger.ports import ClaimRequest, ClaimResult, ClaimTerms, Ending, EndResult, RecordRequest, RecordResult


class MemoryLedger:
    """Judges as the one on DynamoDB does; `items` is for a look inside."""

    def __init__(self, clock: Clock = system_clock) -> None:
        self.items: dict[str, LedgerItem] = {}
        self._clock = clock
        self._lock = threading.Lock()

    def claim(self, requests: Sequence[ClaimRequest], terms: ClaimTerms) -> list[ClaimResult]:
        with self._lock:
            return [self._claim(request, terms) for request in requests]

    def end(self, endings: Sequence[Ending], owner: str) -> list[EndResult]:
        with self._lock:
            return [self._end(ending, owner) for ending in endings]

    def record(self, requests: Sequence[RecordRequest]) -> list[RecordResult]:
        with self._lock:
            return [self._record(request) for request in requests]

    def sent(self, keys: Sequence[str]) -> None:
        with self._lock:
            for key in keys:
                if key in self.items:
                    self.items[key] = replace(self.items[key], emits=())

    def _claim(self, request: ClaimRequest, terms: ClaimTerms) -> ClaimResult:
        key, item = request.event.key, self.items.get(request.event.key)
        judged = judge_claim(item, request.event.hash, terms, self._clock.now_ms())
        if judged.status not in ("absent", "takeable", "redrivable"):
            return judged
        attempts = item.attempts + 1 if item and judged.status == "takeable" else 1
        self.items[key] = LedgerItem("claimed", terms.owner, terms.lease_ends_ms, attempts, request.event.hash)
        return ClaimResult("claimed", attempts=attempts, taken_over=item is not None and item.state == "claimed")

    def _end(self, ending: Ending, owner: str) -> EndResult:
        item = self.items.get(ending.key)
        if item is None or item.owner != owner:
            return EndResult("lost")
        if item.state != "claimed":
            return EndResult("ended" if item.state == ending.to else "lost")
        started = ending.to != "released" or ending.started
        attempts = item.attempts if started else item.attempts - 1
        self.items[ending.key] = replace(item, state=ending.to, attempts=attempts, emits=ending.emits)
        return EndResult("ended")

    def _record(self, request: RecordRequest) -> RecordResult:
        item, ending = self.items.get(request.event.key), request.ending
        if item and item.hash != request.event.hash:
            return RecordResult("id-reused")
        if item and not may_record_over(item, ending, self._clock.now_ms()):
            return RecordResult("already", emits=item.emits)
        self.items[request.event.key] = LedgerItem(
            ending.to, "", 0, request.attempts, request.event.hash, ending.emits
        )
        return RecordResult("recorded")
