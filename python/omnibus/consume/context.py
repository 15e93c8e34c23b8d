"""What a handler is given beside its event."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from ..contract.contract import Contract
from ..telemetry.log_line import LogValue


class Log(Protocol):
    """Writes one JSON log line with the consumer, the event's type and id, and the fields. Not for event data."""

    def __call__(self, message: str, **fields: LogValue) -> None: ...


class Emit(Protocol):
    """Publishes an event when this one is done: its bytes are stored in the same write as the completion, so it is
    sent if and only if the event counts as handled, and always with the same id.

    `key` names this emit among those of the handler; without one its position does, so a handler that emits in
    varying order should give keys. Raises `InvalidEventError`.
    """

    def __call__(
        self,
        contract: Contract,
        data: Any,
        key: str | None = None,
        *,
        subject: str | None = None,
        partitionkey: str | None = None,
    ) -> None: ...


@dataclass(frozen=True)
class Context:
    """Of one run of a handler."""

    effect_key: str
    """Stable for this consumer and event, whatever happens: hand it to a third party as *its* idempotency key."""
    attempt: int
    """Which started run this is, from 1."""
    aborted: threading.Event
    """Set shortly before Lambda ends the invocation: a handler that works on must look at it."""
    remaining_ms: Callable[[], float]
    """Until Lambda ends the invocation."""
    emit: Emit
    log: Log
