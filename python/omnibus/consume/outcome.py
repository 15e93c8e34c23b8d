"""What became of one event in one delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..errors import Cause

Kind = Literal["handled", "duplicate", "retry", "dead"]

RetryReason = Literal[
    "failed",  # the handler raised
    "held",  # another run holds the claim
    "ledger-unavailable",  # the ledger did not answer, before the handler ran
    "not-recorded",  # the handler ran, and its end could not be written down
    "lost",  # another run had taken the claim over
    "no-time",  # too little time was left to start
    "group-stopped",  # an earlier event of the same group failed
    "emit-failed",  # done, but an emitted event could not be published yet
    "packed-together",  # another event of the same message must come again: the dead are buried with the last
    "dead-letter-failed",  # dead, but the dead-letter queue did not take it
]


@dataclass(frozen=True)
class Outcome:
    """`reason` and `error` say why it is a `retry` or `dead`; a `retry` comes again after `delay_ms`."""

    kind: Kind
    reason: str = ""
    delay_ms: float = 0
    error: Cause | None = None


HANDLED = Outcome("handled")
DUPLICATE = Outcome("duplicate")


def retry(reason: RetryReason, delay_ms: float = 0, error: Cause | None = None) -> Outcome:
    """It comes again."""
    return Outcome("retry", reason, delay_ms, error)


def dead(reason: str, error: Cause | None = None) -> Outcome:
    """It goes to the dead-letter queue, with this reason."""
    return Outcome("dead", reason, 0, error)
