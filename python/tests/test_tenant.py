"""Whose an event is: its group on a standard topic."""

from __future__ import annotations

import unittest
from dataclasses import replace
from typing import Any

from omnibus import ContractError, InvalidEventError, define_event
from omnibus.contract.contract import Contract
from omnibus.contract.seal_event import Stamp, seal_event
from omnibus.contract.wire_message import WireMessage
from omnibus.publish.batches import batches_of

STAMP = Stamp(source="/shop/web", id="1", time_ms=0, correlationid="1", causationid="0", hop=1)


def order(**more: Any) -> Contract:
    return define_event("order.created", **{"version": 1, "topic": "orders", "schema": True, **more})


class Tenant(unittest.TestCase):
    def test_is_told_on_a_standard_topic_by_a_field_or_a_function(self) -> None:
        by_field = order(tenant="customer")
        by_function = order(tenant=lambda event: event["data"]["customer"] + event["subject"])
        stamp = replace(STAMP, subject="-7")
        data = {"customer": "acme"}
        self.assertEqual([seal_event(one, data, stamp).group_id for one in (by_field, by_function)], ["acme", "acme-7"])
        self.assertIsNone(seal_event(by_field, data, stamp).deduplication_id)
        self.assertIsNone(seal_event(by_field, {}, stamp).group_id)
        for wrong in (lambda event: event["none"], lambda event: []):
            with self.assertRaises(InvalidEventError) as raised:
                seal_event(order(tenant=wrong), data, stamp)
            self.assertEqual(raised.exception.code, "tenant")
        for refused in ({"topic": "orders.fifo", "tenant": "customer"}, {"tenant": ""}, {"tenant": 7}):
            with self.assertRaises(ContractError):
                order(**refused)

    def test_sends_events_of_one_tenant_together(self) -> None:
        one = WireMessage("orders", "a", "/s", "order.created", "a", {}, group_id="acme")
        self.assertEqual(batches_of([one, one, one]), [[0, 1, 2]])


if __name__ == "__main__":
    unittest.main()
