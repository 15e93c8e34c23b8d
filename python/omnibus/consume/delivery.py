"""One event on its way through one batch."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from ..contract.contract import Contract
from ..contract.open_envelope import Event
from ..ledger.ports import LedgerEvent
from .outcome import Outcome

Record = dict[str, Any]
"""A message as Lambda hands it over: messageId, receiptHandle, body, attributes, messageAttributes, eventSourceARN."""


@dataclass(frozen=True)
class Readable:
    """An event that could be read."""

    contract: Contract
    event: Event
    ledger: LedgerEvent
    """As the ledger knows it: its key, and the hash of the data as it came."""


@dataclass(eq=False)
class Delivery:
    """Steps add what they find out; `outcome` is set by whoever knows."""

    record: Record
    receives: int
    """How often SQS has handed the message out, this time included."""
    group: str | None
    """The ordered group, on FIFO queues."""
    replay_id: str | None
    """Set on events that a replay runs again on purpose."""
    index: int
    """Its place in the message: 0 but for packed ones."""
    packed: bool
    """Whether the message holds other events as well."""
    body: str
    """What a dead letter would carry: the message as it came, or this event alone out of a packed one."""
    readable: Readable | None
    attempt: int
    """Started runs, this one included, as the ledger counts them; receives where there is no claim."""
    outcome: Outcome | None = None
    unfit: LedgerEvent | None = None
    """How the ledger names an event that was read and that no contract fits, the first of its name in this batch."""
    follows: Delivery | None = None
    """The same event earlier in this batch: it decides."""
    taken_over: bool = False
    """An earlier run never ended its claim: it may have killed its process, so it runs alone."""
    claimed: bool = False
    """A claim of ours is open."""
    copied: bool = False
    """Its dead letter was handed to the queue."""
    started: bool = False
    sending: threading.Event | None = None
    """Set when what an earlier run emitted is sent, or could not be: the next one of its group waits for it."""
    handler_ms: int = 0

    @property
    def is_open(self) -> bool:
        """Whether nothing is decided about it yet."""
        return self.outcome is None and self.readable is not None and self.follows is None

    @property
    def is_unfinished(self) -> bool:
        """Whether its handler still runs, or threw after the dead letters were sent."""
        outcome = self.outcome
        return self.started and (outcome is None or (outcome.kind == "dead" and not self.copied))

    @property
    def comes_again(self) -> bool:
        """Whether its message must not be acknowledged."""
        return self.outcome is None or self.outcome.kind == "retry"
