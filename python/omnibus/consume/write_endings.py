"""Writes a group to the ledger; what failed is written again, a few times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from ..backoff import backoff_ms
from ..clock import Clock
from ..ledger.ports import EndResult, RecordResult

Item = TypeVar("Item")
Result = TypeVar("Result", EndResult, RecordResult)

_TRIES = 3


def write_endings(
    items: Sequence[Item],
    write: Callable[[Sequence[Item]], list[Result]],
    failed: Callable[[Exception], Result],
    clock: Clock,
) -> list[Result]:
    """The handlers have run, and an ending that is not written down makes them run once more. Never raises.

    Every write of the ledger may be repeated safely.
    """
    results: list[Result] = [failed(RuntimeError("not written")) for _ in items]
    open_at = list(range(len(items)))
    for attempt in range(1, _TRIES + 1):
        try:
            for at, result in zip(open_at, write([items[at] for at in open_at])):
                results[at] = result
        except Exception as error:
            for at in open_at:
                results[at] = failed(error)
        open_at = [at for at in open_at if results[at].status == "failed"]
        if not open_at:
            break
        if attempt < _TRIES:
            clock.sleep_ms(backoff_ms(clock, attempt, 50, 1_000))
    return results
