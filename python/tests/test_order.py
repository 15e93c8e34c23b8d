"""What ordered groups and packed messages wait for."""

from __future__ import annotations

import json
import unittest
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from omnibus import ConsumeOptions, consume
from omnibus.consume.ports import DeadLetter
from omnibus.contract.wire_message import WireMessage
from omnibus.errors import Cause
from omnibus.testing import MemoryLedger

from .test_consume import order, settings


class Order(unittest.TestCase):
    def setUp(self) -> None:
        self.delays: dict[str, int] = {}

    def delay(self, queue_arn: str, delays: dict[str, int]) -> None:
        self.delays |= delays

    def dead_letter(self, queue_arn: str, letters: Sequence[DeadLetter]) -> list[bool]:
        return [True for _ in letters]

    def publish(self, messages: Sequence[WireMessage]) -> list[Cause | None]:
        return [None for _ in messages]

    def test_brings_a_packed_message_again_when_its_failed_event_is_due(self) -> None:
        def fail(event: object, ctx: object) -> None:
            raise RuntimeError("not yet")

        def event(event_id: str) -> dict[str, Any]:
            said = {"specversion": "1.0", "id": event_id, "source": "/s", "type": "order.created", "time": "2026-01-01T00:00:00Z"}
            return said | {"dataschema": "urn:omnibus:order.created:1", "data": {}}

        def record(name: str, body: Any) -> dict[str, Any]:
            attributes = {"ApproximateReceiveCount": "1", "MessageGroupId": "a"}
            arn = "arn:aws:sqs:us-east-1:000000000000:shop-LockStock.fifo"
            said = {"messageId": name, "receiptHandle": name, "body": json.dumps(body), "eventSourceARN": arn}
            return said | {"attributes": attributes, "messageAttributes": {}}

        options = ConsumeOptions(
            settings=settings(fifo=True, firstDelayMs=60_000, maxDelayMs=60_000), ledger=MemoryLedger(), queues=self, topics=self,
            sink=lambda line: None, end_process=lambda: None,
        )  # fmt: skip
        context = SimpleNamespace(aws_request_id="r", get_remaining_time_in_millis=lambda: 30_000)
        records = [record("packed", [event("1"), event("2")]), record("stopped", event("3"))]
        consume(order(), fail, options)({"Records": records}, context)
        self.assertGreater(self.delays["packed"], 0)
        self.assertEqual(self.delays["stopped"], 0)


if __name__ == "__main__":
    unittest.main()
