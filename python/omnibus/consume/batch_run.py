"""What a consumer is made of, and what one batch adds to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..clock import Clock
from ..contract.contract import Contract
from ..contract.open_envelope import Event
from ..contract.wire_message import WireMessage
from ..errors import Cause
from ..ledger.ports import Ending, EndResult, Ledger, RecordRequest, RecordResult
from ..publish.ports import Topics
from ..settings import Settings
from ..telemetry.sink import Sink
from .context import Context
from .deadline import Deadline
from .group_commit import GroupCommit
from .pending import Pending
from .ports import ConsumerQueues

Handler = Callable[[Event, Context], Any]
"""The user's function: returns when the event is handled, raises to have it tried again."""


@dataclass(frozen=True)
class ConsumerParts:
    """The same for all batches of a consumer."""

    settings: Settings
    contracts: Sequence[Contract]
    handler: Handler
    ledger: Ledger
    queues: ConsumerQueues
    topics: Topics
    clock: Clock
    sink: Sink
    end_process: Callable[[], None]
    """Ends this process at once: the last resort against a handler that does not stop."""


@dataclass(frozen=True)
class StoredEmits:
    """The emitted events of one handled event; `key` where the ledger keeps them until they are sent."""

    key: str | None
    messages: tuple[WireMessage, ...]


@dataclass(frozen=True)
class BatchRun:
    """One batch: the consumer's parts, and what is this invocation's own."""

    parts: ConsumerParts
    owner: str
    """Unique to this run: the owner of its claims."""
    queue_arn: str
    deadline: Deadline
    endings: GroupCommit[Ending, EndResult]
    """Endings of claims, written in groups."""
    records: GroupCommit[RecordRequest, RecordResult]
    """What is written without a claim (mode `record`), in groups."""
    emits: GroupCommit[StoredEmits, Cause | None]
    """Emitted events, published in groups; the result is what went wrong."""
    pending: Pending

    @property
    def settings(self) -> Settings:
        return self.parts.settings

    @property
    def clock(self) -> Clock:
        return self.parts.clock
