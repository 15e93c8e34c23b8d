"""The ledger as the pipeline sees it.

             claim                     end: done
  (absent) ───────▶ claimed ─────────────────────▶ done   (stays; emitted events inside until they are sent)
                    │  ▲  │ end: dead
       end: released│  │  └──────▶ dead ── claim (redrive) ──▶ claimed
                    ▼  │ claim, or the lease has run out
                  released

Every change of a claimed item is fenced by its owner's token: who lost the claim cannot end it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from ..contract.wire_message import WireMessage


@dataclass(frozen=True)
class LedgerEvent:
    """One event as one consumer sees it."""

    key: str
    consumer: str
    source: str
    id: str
    type: str
    time: str
    hash: str
    replay: str | None = None
    """The replay that runs it again; in its key as well."""


@dataclass(frozen=True)
class ClaimRequest:
    event: LedgerEvent
    redelivered: bool
    """Whether the queue has handed this message out before: an item is then likely there. A hint, not a promise."""


@dataclass(frozen=True)
class ClaimTerms:
    owner: str
    """Unique to one run of one batch."""
    lease_ends_ms: int
    """Until when nobody else may take the claim."""


@dataclass(frozen=True)
class ClaimResult:
    """`absent`, `takeable` and `redrivable` are answers of `judge_claim` alone, never of a ledger."""

    status: Literal["claimed", "done", "held", "id-reused", "failed", "absent", "takeable", "redrivable"]
    attempts: int = 0
    """With `claimed`: started runs, this one counted, from 1 again for one that was dead."""
    taken_over: bool = False
    """With `claimed`: an earlier owner never ended its claim."""
    emits: tuple[WireMessage, ...] = ()
    """With `done`: events that were stored with it and are not known to be sent."""
    lease_ends_ms: int = 0
    """With `held`."""
    code: str = ""
    """With `failed`."""


@dataclass(frozen=True)
class Ending:
    key: str
    to: Literal["done", "dead", "released"]
    emits: tuple[WireMessage, ...] = ()
    reason: str = ""
    started: bool = True
    """With `released`: a run that never started is not counted."""


@dataclass(frozen=True)
class EndResult:
    status: Literal["ended", "lost", "failed"]
    code: str = ""


@dataclass(frozen=True)
class RecordRequest:
    event: LedgerEvent
    attempts: int
    ending: Ending


@dataclass(frozen=True)
class RecordResult:
    status: Literal["recorded", "already", "id-reused", "failed"]
    emits: tuple[WireMessage, ...] = ()
    code: str = ""


class Ledger(Protocol):
    """Results come in the order of what was asked. Raises `LedgerError` when the ledger did not answer."""

    def claim(self, requests: Sequence[ClaimRequest], terms: ClaimTerms) -> list[ClaimResult]:
        """Atomic per event. Calling again with the same owner after a lost answer is safe."""

    def end(self, endings: Sequence[Ending], owner: str) -> list[EndResult]:
        """Ends claims: `ended` also when an earlier try of the same owner had; `lost` when another has taken over."""

    def record(self, requests: Sequence[RecordRequest]) -> list[RecordResult]:
        """Writes what was done without a claim before it (mode `record`). The first writer stands."""

    def sent(self, keys: Sequence[str]) -> None:
        """Forgets the emitted events of done items, once they are published. Safe to repeat."""
