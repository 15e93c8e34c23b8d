"""The bus that tests of handlers stand on."""

from __future__ import annotations

import asyncio
import unittest
from typing import Any

from omnibus import (
    Context,
    Event,
    InvalidEventError,
    OmnibusError,
    PermanentError,
    SettingsError,
    consume,
    define_event,
)
from omnibus.testing import MemoryBus

order = define_event("order.created", version=1, topic="orders", schema={"type": "object", "required": ["orderId"]})
paid = define_event("order.paid", version=1, topic="orders.fifo", schema=True)
locked = define_event("stock.locked", version=1, topic="stocks", schema={"type": "object"})


def handle(event: Event, ctx: Context) -> None:
    how = event.data.get("how")
    if how == "never":
        raise PermanentError("not this one")
    if how == "later" and ctx.attempt < 3:
        raise RuntimeError("not yet")
    ctx.emit(locked, {"run": ctx.attempt})


class Bus(unittest.TestCase):
    def deliveries(self, times: int, how: str = "", mode: str = "once") -> tuple[list[str], MemoryBus]:
        bus = MemoryBus(consume(order, handle), emits=[locked], mode=mode)
        event = bus.publish("order.created", {"orderId": "1", "how": how})
        return [bus.deliver(event) for _ in range(times)], bus

    def test_handles_once_and_emits_once(self) -> None:
        outcomes, bus = self.deliveries(3)
        self.assertEqual(outcomes, ["handled", "duplicate", "duplicate"])
        self.assertEqual([one["data"] for one in bus.emitted], [{"run": 1}])

    def test_tries_again_what_failed(self) -> None:
        outcomes, bus = self.deliveries(4, "later")
        self.assertEqual(outcomes, ["retry", "retry", "handled", "duplicate"])
        self.assertEqual([one["data"] for one in bus.emitted], [{"run": 3}])

    def test_gives_up_after_the_last_attempt(self) -> None:
        self.assertEqual(self.deliveries(1, "never")[0], ["dead"])
        bus = MemoryBus(consume(order, lambda event, ctx: 1 / 0))
        event = bus.publish("order.created", {"orderId": "1"})
        self.assertEqual([bus.deliver(event) for _ in range(5)], ["retry"] * 4 + ["dead"])
        self.assertEqual(len(bus.dead_letters), 1)

    def test_runs_again_where_nothing_is_claimed(self) -> None:
        self.assertEqual(self.deliveries(2, mode="none")[0], ["handled", "handled"])
        self.assertEqual(self.deliveries(2, mode="record")[0], ["handled", "duplicate"])

    def test_takes_messages_of_ordered_topics_and_what_is_no_event(self) -> None:
        bus = MemoryBus(consume(paid, lambda event, ctx: None))
        self.assertEqual(bus.deliver(bus.publish("order.paid", {}, partitionkey="a")), "handled")
        self.assertEqual(bus.send("hello", group_id="b"), "dead")

    def test_takes_nothing_for_handled_that_was_not_run(self) -> None:
        ran: list[str] = []

        async def work(event: Event, ctx: Context) -> None:
            ran.append(event.id)

        def steps(event: Event, ctx: Context) -> Any:
            yield ran.append(event.id)

        class Worker:
            async def __call__(self, event: Event, ctx: Context) -> None:
                ran.append(event.id)

        unrun: list[tuple[Any, str]] = [(work, "work is async def"), (Worker(), "async def"), (steps, "has a yield")]
        for handler, problem in unrun:
            with self.assertRaisesRegex(SettingsError, problem):
                consume(order, handler)
        hidden: list[Any] = [lambda event, ctx: work(event, ctx), lambda event, ctx: steps(event, ctx)]
        for handler in hidden:
            bus = MemoryBus(consume(order, handler))
            self.assertEqual(bus.deliver(bus.publish("order.created", {"orderId": "1"})), "retry")
        bus = MemoryBus(consume(order, lambda event, ctx: asyncio.run(work(event, ctx))))
        self.assertEqual(bus.deliver(bus.publish("order.created", {"orderId": "1"})), "handled")
        self.assertEqual(len(ran), 1)

    def test_refuses_what_no_publisher_could_send(self) -> None:
        bus = MemoryBus(consume(order, handle))
        with self.assertRaises(InvalidEventError):
            bus.publish("order.created", {})
        with self.assertRaisesRegex(OmnibusError, "takes no order.paid; it takes order.created"):
            bus.publish("order.paid", {})
        handler: Any = lambda event, context: {}  # noqa: E731
        with self.assertRaisesRegex(OmnibusError, "not made by consume"):
            MemoryBus(handler)


if __name__ == "__main__":
    unittest.main()
