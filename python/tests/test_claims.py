"""What a consumer makes of data that lies elsewhere."""

from __future__ import annotations

import json
import unittest

from omnibus import define_event
from omnibus.consume.decode_records import decode_records


class Claims(unittest.TestCase):
    def test_buries_data_that_lies_elsewhere_under_its_own_reason(self) -> None:
        contract = define_event("order.created", version=1, topic="orders", schema=True)
        base = {"messageId": "m", "receiptHandle": "h", "attributes": {}, "eventSourceARN": "arn:aws:sqs:r:a:q"}
        event = {"specversion": "1.0", "id": "1", "source": "/web", "type": "order.created", "time": "2026-01-01T00:00:00Z"}
        event |= {"dataschema": "urn:omnibus:order.created:1", "dataref": "s3://b/claims/2026-01-01/x.json"}
        claim = {**event, "datarefbytes": 300_000, "datarefhash": "a" * 64}
        bodies = [claim, event, {**claim, "datarefbytes": 0}, {**claim, "datarefhash": "A" * 64}]
        found = decode_records([{**base, "body": json.dumps(body)} for body in bodies], [contract], "LockStock")
        reasons = [one.outcome.reason if one.outcome else None for one in found]
        self.assertEqual(reasons, ["claim-unsupported", "bad-envelope", "bad-envelope", "bad-envelope"])
        self.assertEqual(found[0].unfit.hash if found[0].unfit else None, "a" * 64)
