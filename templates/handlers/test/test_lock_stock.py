"""LockStock through the real pipeline, in memory. Run by the .test.ts of the same name, which knows the contracts."""

import unittest

from lock_stock import handler
from omnibus.testing import MemoryBus

# Data that the schema takes: change it with the contract.
DATA = {"orderId": "o-1", "cents": 1250}


class LockStock(unittest.TestCase):
    def test_handles_an_event_once_however_often_it_is_delivered(self) -> None:
        bus = MemoryBus(handler)

        event = bus.publish("order.created", DATA)

        self.assertEqual(bus.deliver(event), "handled")
        self.assertEqual(bus.deliver(event), "duplicate")

    def test_makes_a_dead_letter_of_what_is_no_event(self) -> None:
        bus = MemoryBus(handler)

        self.assertEqual(bus.send("hello"), "dead")
        self.assertEqual(len(bus.dead_letters), 1)
