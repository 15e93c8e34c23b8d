"""Collects what one run of a handler emits."""

from __future__ import annotations

from typing import Any

from ..contract.contract import Contract
from ..contract.identity import emitted_id
from ..contract.open_envelope import Event
from ..contract.seal_event import Stamp, seal_event
from ..contract.wire_message import WireMessage, json_text
from ..errors import InvalidEventError
from ..limits import MAX_EMITTED_BYTES, SNS_BATCH_BYTES
from ..publish.batches import message_bytes
from ..settings import Settings


class Emitter:
    """Ids are made of the cause, so a second run emits the same identities."""

    def __init__(self, cause: Event, settings: Settings, replay_id: str | None, now_ms: int) -> None:
        self._cause = cause
        self._consumer = settings.consumer
        self._declared = settings.emits
        self._source = f"/{settings.bus}/{settings.consumer}"
        self._replay_id = replay_id or ""
        self._now_ms = now_ms
        self._messages: list[WireMessage] = []
        self._keys: set[str] = set()
        self._bytes = 0
        self._closed = False

    def emit(
        self,
        contract: Contract,
        data: Any,
        key: str | None = None,
        *,
        subject: str | None = None,
        partitionkey: str | None = None,
    ) -> None:
        """`Context.emit`."""
        if self._closed:
            raise InvalidEventError(
                "emit-late", f"{self._consumer} emitted {contract.type} after its handler had returned"
            )
        if contract.key not in self._declared:
            raise InvalidEventError(
                "emit-undeclared",
                f"{self._consumer} may not publish {contract.key}; it may publish {', '.join(self._declared) or 'nothing'}; name the contract in the Consumer construct's emits, so that its role may publish to the topic",
            )
        name = f"#{len(self._messages)}" if key is None else f"={key}"
        if name in self._keys:
            raise InvalidEventError("emit-key", f"emit key {key!r} was used twice in one run of {self._consumer}")
        message = seal_event(contract, data, self._stamp(name, subject, partitionkey))
        if message_bytes(message) > SNS_BATCH_BYTES:
            # What could never be published must not be stored as if it could.
            raise InvalidEventError(
                "too-large", f"{contract.key}: data: the event takes more than {SNS_BATCH_BYTES} bytes; nothing was sent"
            )
        size = self._bytes + len(json_text(message.to_json()).encode())
        if size > MAX_EMITTED_BYTES:
            raise InvalidEventError(
                "emits-too-large",
                f"one run of {self._consumer} emits {size} bytes; {MAX_EMITTED_BYTES} are allowed, since they are stored with its completion",
            )
        self._keys.add(name)
        self._bytes = size
        self._messages.append(message)

    def sealed(self) -> tuple[WireMessage, ...]:
        """All of it; what comes later is refused."""
        self._closed = True
        return tuple(self._messages)

    def _stamp(self, name: str, subject: str | None, partitionkey: str | None) -> Stamp:
        cause = self._cause
        return Stamp(
            source=self._source,
            id=emitted_id(
                consumer=self._consumer, source=cause.source, event_id=cause.id, replay_id=self._replay_id, key=name
            ),
            time_ms=self._now_ms,
            correlationid=cause.correlationid,
            causationid=cause.id,
            hop=cause.hop + 1,
            subject=subject,
            # A chain keeps its order, unless told otherwise.
            partitionkey=cause.partitionkey if partitionkey is None else partitionkey,
            traceparent=cause.traceparent,
        )
