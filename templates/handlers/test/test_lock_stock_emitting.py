"""LockStock through the real pipeline, in memory. Run by the .test.ts of the same name, which knows the contracts."""

import unittest

from lock_stock_emitting import handler, stock_locked
from omnibus.testing import MemoryBus

# Data that the schema takes: change it with the contract.
DATA = {"orderId": "o-1", "cents": 1250}


class LockStock(unittest.TestCase):
    def test_emits_once_however_often_an_event_is_delivered(self) -> None:
        bus = MemoryBus(handler, emits=[stock_locked])

        event = bus.publish("order.created", DATA)

        self.assertEqual(bus.deliver(event), "handled")
        self.assertEqual(bus.deliver(event), "duplicate")
        self.assertEqual([one["type"] for one in bus.emitted], ["stock.locked"])
        self.assertEqual(bus.emitted[0]["causationid"], event)
