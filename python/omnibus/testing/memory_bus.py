"""A bus for tests of one consumer."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import Any

from ..clock import system_clock
from ..consume.consume import ConsumeOptions, LambdaHandler, consume, consumed_by
from ..consume.ports import DeadLetter
from ..contract.contract import Contract
from ..contract.seal_event import Stamp, seal_event
from ..contract.wire_message import WireMessage
from ..errors import Cause, OmnibusError
from ..settings import Settings
from .memory_ledger import MemoryLedger


class MemoryBus:
    """Runs a handler, the one that is deployed, through the real pipeline: nothing leaves this process.

        bus = MemoryBus(handler)
        order = bus.publish("order.created", {"orderId": "o-1"})
        assert bus.deliver(order) == "handled"
        assert bus.deliver(order) == "duplicate"

    `emits`: the contracts that the handler may emit, as in its Consumer construct.
    """

    def __init__(self, handler: LambdaHandler, *, emits: Sequence[Contract] = (), mode: str = "once") -> None:
        self.emitted: list[dict[str, Any]] = []
        """What the handler has emitted, as envelopes, in order."""
        self.dead_letters: list[DeadLetter] = []
        self.log: list[dict[str, Any]] = []
        """Every line that was logged, the outcomes' own among them."""
        consumed = consumed_by(handler)
        if consumed is None:
            raise OmnibusError("test-handler", "this handler was not made by consume(): give the one that the module exports")
        self._contracts, handle = consumed
        self._messages: dict[str, WireMessage] = {}
        self._receives: dict[str, int] = {}
        settings = Settings(
            bus="test", consumer="Test", on=tuple(contract.key for contract in self._contracts),
            emits=tuple(contract.key for contract in emits), mode=mode,
            fifo=any(contract.topic.endswith(".fifo") for contract in self._contracts),
            account="000000000000", region="us-east-1", attempts=5, first_delay_ms=1_000, max_delay_ms=60_000,
            margin_ms=1_000, keep_ms=86_400_000, parallel=10,
        )  # fmt: skip
        self._lambda = consume(
            self._contracts,
            handle,
            ConsumeOptions(
                settings=settings, ledger=MemoryLedger(), queues=self, topics=_Topics(self.emitted), sink=self._hear
            ),
        )

    def publish(
        self, event_type: str, data: Any, *, event_id: str | None = None, partitionkey: str | None = None
    ) -> str:
        """Makes an event, as a publisher would, and answers its id. Raises `InvalidEventError` for data that its schema refuses."""
        contract = next((one for one in self._contracts if one.type == event_type), None)
        if contract is None:
            known = ", ".join(one.type for one in self._contracts)
            raise OmnibusError("test-contract", f"this handler takes no {event_type}; it takes {known}")
        made = event_id or str(uuid.uuid4())
        stamp = Stamp(
            source="/test", id=made, time_ms=system_clock.now_ms(), correlationid=made, causationid=made, hop=0,
            partitionkey=partitionkey,
        )  # fmt: skip
        self._messages[made] = seal_event(contract, data, stamp)
        return made

    def deliver(self, event_id: str) -> str:
        """Hands the event to the consumer, again with each call; answers `handled`, `duplicate`, `retry` or `dead`."""
        message = self._messages[event_id]
        return self.send(message.body, group_id=message.group_id, message_id=event_id)

    def send(self, body: str, *, group_id: str | None = None, message_id: str = "sent") -> str:
        """Hands over a message as it is: what is no event, or comes from elsewhere."""
        self._receives[message_id] = self._receives.get(message_id, 0) + 1
        attributes = {"ApproximateReceiveCount": str(self._receives[message_id])}
        if group_id is not None:
            attributes["MessageGroupId"] = group_id
        record = {
            "messageId": message_id, "receiptHandle": message_id, "body": body, "attributes": attributes,
            "messageAttributes": {}, "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:test-Test",
        }  # fmt: skip
        before = len(self.log)
        self._lambda({"Records": [record]}, _Invocation())
        return next(str(line["outcome"]) for line in self.log[before:] if "outcome" in line)

    def delay(self, queue_arn: str, delays: dict[str, int]) -> None:
        """Of `ConsumerQueues`: what comes again is handed over when the test says so."""

    def dead_letter(self, queue_arn: str, letters: Sequence[DeadLetter]) -> list[bool]:
        """Of `ConsumerQueues`."""
        self.dead_letters.extend(letters)
        return [True] * len(letters)

    def _hear(self, lines: str) -> None:
        self.log.extend(line for line in map(json.loads, lines.split("\n")) if "_aws" not in line)


class _Topics:
    def __init__(self, emitted: list[dict[str, Any]]) -> None:
        self._emitted = emitted

    def publish(self, messages: Sequence[WireMessage]) -> list[Cause | None]:
        self._emitted.extend(json.loads(message.body) for message in messages)
        return [None] * len(messages)


class _Invocation:
    aws_request_id = "test"

    def get_remaining_time_in_millis(self) -> int:
        return 30_000
