"""What a consumer is made of, and what one batch adds to it."""

from __future__ import annotations

import threading
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
    """Completions and emits that must be over before the batch is answered, and that nothing else waits for."""
    running: Pending
    """Handlers that run right now."""

    def write_groups(self) -> None:
        """What waits now. A completion may add emitted events, hence this order."""
        self.endings.flush()
        self.records.flush()
        self.emits.flush()

    def wait_for(self, done: threading.Event) -> None:
        """Waits for one completion. While other handlers run, theirs may still join its group; when none does, nobody
        else will come, and the groups are written at once."""
        while not done.is_set():
            if self.running.any():
                done.wait(0.01)
            else:
                self.write_groups()

    @property
    def settings(self) -> Settings:
        return self.parts.settings

    @property
    def clock(self) -> Clock:
        return self.parts.clock
