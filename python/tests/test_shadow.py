"""What a replay sends that shall have no effects."""

from __future__ import annotations

import unittest
from types import SimpleNamespace

from omnibus import ConsumeOptions, consume
from omnibus.contract.seal_event import seal_event
from omnibus.testing import MemoryLedger

from .test_consume import STAMP, order, settings


class Shadow(unittest.TestCase):
    def test_runs_nothing_of_a_shadow_replay(self) -> None:
        ran: list[str] = []
        options = ConsumeOptions(settings=settings(), ledger=MemoryLedger(1000), sink=lambda line: None)
        handler = consume(order(), lambda event, ctx: ran.append(event.id), options)
        note = {"omnibus": {"stringValue": '{"replayId":"20260131-120000-3f2a90-shadow"}', "dataType": "String"}}
        records = [
            {
                "messageId": str(n), "receiptHandle": str(n), "body": body, "messageAttributes": note,
                "attributes": {}, "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:shop-LockStock",
            }
            for n, body in enumerate([seal_event(order(), {}, STAMP).body, "no event"])
        ]  # fmt: skip

        context = SimpleNamespace(aws_request_id="r", get_remaining_time_in_millis=lambda: 30_000)
        answer = handler({"Records": records}, context)

        self.assertEqual((answer["batchItemFailures"], ran), ([], []))
