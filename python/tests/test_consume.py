"""What a consumer refuses, and what its parts do beside the scenarios that all languages share."""

from __future__ import annotations

import json
import re
import threading
import unittest
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from omnibus import (
    ConsumeOptions,
    Context,
    ContractError,
    InvalidEventError,
    OmnibusError,
    PermanentError,
    SettingsError,
    consume,
    define_event,
)
from omnibus.consume.decode_records import decode_records
from omnibus.consume.group_commit import GroupCommit
from omnibus.consume.ports import DeadLetter
from omnibus.contract.contract import Contract
from omnibus.contract.decode_message import decode_message
from omnibus.contract.open_envelope import Event, open_envelope
from omnibus.contract.rejection import Rejection
from omnibus.contract.seal_event import Stamp, seal_event
from omnibus.contract.wire_message import WireMessage
from omnibus.errors import Cause
from omnibus.ledger.ports import ClaimResult
from omnibus.publish.sns_topics import SnsTopics
from omnibus.settings import Settings, read_settings
from omnibus.telemetry.emit_metrics import metric_lines
from omnibus.telemetry.log_line import log_line
from omnibus.testing import MemoryLedger

GIVEN: dict[str, Any] = {
    "v": 1, "bus": "shop", "consumer": "LockStock", "on": ["order.created:1"], "emits": [], "mode": "once",
    "fifo": False, "account": "000000000000", "region": "us-east-1", "attempts": 5, "firstDelayMs": 1,
    "maxDelayMs": 1, "marginMs": 1000, "keepMs": 1000, "parallel": 10,
}  # fmt: skip


def settings(**over: Any) -> Settings:
    found = read_settings({"OMNIBUS": json.dumps({**GIVEN, **over})})
    assert found is not None
    return found


def order(schema: Any = True, **more: Any) -> Contract:
    return define_event("order.created", **{"version": 1, "topic": "orders", "schema": schema, **more})


STAMP = Stamp(source="/shop/web", id="1", time_ms=0, correlationid="1", causationid="0", hop=1)


class Consumer(unittest.TestCase):
    def test_refuses_contracts_that_were_not_subscribed(self) -> None:
        with self.assertRaisesRegex(SettingsError, "order.created:1.*order.created:2"):
            consume(order(version=2), lambda event, ctx: None, ConsumeOptions(settings=settings()))

    def test_refuses_to_run_without_settings_and_without_records(self) -> None:
        handler = consume(order(), lambda event, ctx: None)
        for event in ({"Records": []}, {"detail": 1}, None):
            with self.subTest(event=event), self.assertRaises(SettingsError):
                handler(event, None)  # type: ignore[arg-type]

    def test_refuses_settings_that_it_cannot_read(self) -> None:
        for line in ("{", "[]", '{"v":2}', json.dumps({**GIVEN, "mode": "twice"}), json.dumps({**GIVEN, "on": "all"})):
            with self.subTest(line=line), self.assertRaises(SettingsError):
                read_settings({"OMNIBUS": line})
        self.assertIsNone(read_settings({}))

    def test_refuses_limits_and_parking_which_it_would_not_keep(self) -> None:
        self.assertEqual(settings(limits=[], onPoison="skip").consumer, "LockStock")
        refused = {"limits-differ": {"limits": ["partner: rate 50 per 1 s"]}, "on-poison": {"onPoison": "park"}}
        for code, given in refused.items():
            with self.assertRaises(SettingsError) as raised:
                settings(**given)
            self.assertEqual(raised.exception.code, code)

    def test_raises_old_data_step_by_step(self) -> None:
        contract = order(
            version=3,
            schema={"type": "object", "required": ["c"]},
            upcast={1: lambda data: {"b": data["a"]}, 2: lambda data: {"c": data["b"]}},
        )
        envelope = {name: "x" for name in ("id", "source", "time", "correlationid")}
        envelope |= {"type": "order.created", "dataschema": "urn:omnibus:order.created:1", "data": {"a": 7}}
        opened = open_envelope(envelope, [contract])
        assert isinstance(opened, tuple) and isinstance(opened[1], Event)
        self.assertEqual((opened[1].data, opened[1].version, envelope["data"]), ({"c": 7}, 3, {"a": 7}))

    def test_says_that_an_upcast_is_not_awaited(self) -> None:
        async def newer(data: Any) -> Any:
            return data

        with self.assertRaisesRegex(ContractError, "upcast 1 is an async function"):
            order(version=2, upcast={1: newer})
        contract = order(version=2, upcast={1: lambda data: newer(data)})
        envelope = {name: "x" for name in ("id", "source", "time", "correlationid")}
        envelope |= {"type": "order.created", "dataschema": "urn:omnibus:order.created:1", "data": {"a": 7}}
        opened = open_envelope(envelope, [contract])
        assert isinstance(opened, Rejection)
        self.assertEqual((opened.code, opened.field), ("upcast-failed", "data"))
        self.assertIn("nothing awaits it here", opened.message)

    def test_keeps_the_rest_when_a_record_is_hostile(self) -> None:
        base = {"messageId": "m", "receiptHandle": "h", "attributes": {}, "eventSourceARN": "arn:aws:sqs:r:a:q"}
        bodies = ["", "[" * 100_000, "\ud800", '{"__proto__":1}', "[]", '{"specversion":"1.0"}']
        deliveries = decode_records([{**base, "body": body} for body in bodies], [order()], "LockStock")
        self.assertEqual(
            [one.outcome.reason if one.outcome else None for one in deliveries],
            ["bad-json", "bad-json", "bad-encoding", "forbidden-key", "bad-envelope", "bad-envelope"],
        )


class Emitting(unittest.TestCase):
    def test_refuses_what_the_wire_would_change(self) -> None:
        cyclic: list[Any] = []
        cyclic.append(cyclic)
        for data in (float("nan"), 2**53 + 1, {1: "a"}, {"a": {"b": {1, 2}}}, (1,), "\ud800", {"__proto__": 1}, cyclic):
            with self.subTest(kind=type(data)), self.assertRaises(InvalidEventError):
                seal_event(order(), data, STAMP)

    def test_escapes_what_raw_tells_of_lost_bytes(self) -> None:
        sealed = seal_event(order(), {"orderId": "a\ufffdb"}, STAMP).body

        self.assertIn(r"a\ufffdb", sealed)
        self.assertEqual(decode_message(sealed)[0]["data"], {"orderId": "a\ufffdb"})  # type: ignore[index]

    def test_takes_filterable_fields_into_the_attributes(self) -> None:
        contract = order(filterable=["country", "vip", "cents"])
        message = seal_event(contract, {"country": "PT", "vip": True, "cents": 2.0, "other": 1}, STAMP)
        self.assertEqual(
            message.attributes, {"type": "order.created", "country": "PT", "vip": "true", "cents": 2.0}
        )

    def test_sends_again_only_what_failed_and_lets_nothing_overtake(self) -> None:
        calls: list[list[str]] = []

        class Client:
            def publish_batch(self, TopicArn: str, PublishBatchRequestEntries: list[dict[str, Any]]) -> Any:
                bodies = [entry["Message"] for entry in PublishBatchRequestEntries]
                calls.append(bodies)
                failed = [one["Id"] for one in PublishBatchRequestEntries if one["Message"] == "a1"]
                taken = [one["Id"] for one in PublishBatchRequestEntries if one["Message"] != "a1"]
                return {"Successful": [{"Id": one} for one in taken], "Failed": [{"Id": one, "Code": "Busy"} for one in failed]}

        def message(body: str) -> WireMessage:
            return WireMessage("orders.fifo", body, "/s", "order.created", body, {}, group_id=body[0])

        lines: list[str] = []
        topics = SnsTopics(settings(), sink=lines.append, client=Client)
        results = topics.publish([message("a1"), message("b1"), message("a2")])
        self.assertEqual([one and one.name for one in results], ["Busy", None, "earlier-failed"])
        self.assertEqual(calls, [["a1", "b1"], ["a1"], ["a1"]])
        self.assertEqual((json.loads(lines[0])["Published"], json.loads(lines[0])["PublishFailed"]), (1, 2))


class Groups(unittest.TestCase):
    def test_writes_together_what_waits(self) -> None:
        groups: list[list[int]] = []
        results: list[int] = []

        def write(items: Any) -> list[int]:
            groups.append(list(items))
            return [item * 10 for item in items]

        commit: GroupCommit[int, int] = GroupCommit(write, lambda error: -1, max_items=3)
        for item in range(3):
            commit.add(item, results.append)
        commit.flush()
        commit.add(3, results.append)
        commit.flush()
        commit.close()
        self.assertEqual((groups[-1], sum(groups, []), results), ([3], [0, 1, 2, 3], [0, 10, 20, 30]))

    def test_gives_each_item_the_failure_of_its_group(self) -> None:
        def write(items: Any) -> list[str]:
            raise OmnibusError("down", "no answer")

        results: list[str] = []
        commit: GroupCommit[int, str] = GroupCommit(write, str)
        commit.add(1, results.append)
        commit.flush()
        commit.close()
        self.assertEqual(results, ["no answer"])
        self.assertNotIn("Thread", [type(one).__name__ for one in threading.enumerate() if one.daemon])


class Batch(unittest.TestCase):
    """Order and endings that depend on who is slow."""

    def setUp(self) -> None:
        self.ledger = MemoryLedger()
        self.buried: list[DeadLetter] = []
        self.meanwhile: Callable[[], None] = lambda: None

    def delay(self, queue_arn: str, delays: dict[str, int]) -> None:
        self.meanwhile()

    def dead_letter(self, queue_arn: str, letters: Sequence[DeadLetter]) -> list[bool]:
        self.buried += letters
        return [True for _ in letters]

    def publish(self, messages: Sequence[WireMessage]) -> list[Cause | None]:
        return [Cause("Away", "SNS is away") for _ in messages]

    def deliver(self, handler: Any, *records: dict[str, Any], remaining_ms: int = 30_000, **over: Any) -> list[str]:
        options = ConsumeOptions(
            settings=settings(**over), ledger=self.ledger, queues=self, topics=self, sink=lambda line: None,
            end_process=lambda: None,
        )  # fmt: skip
        context = SimpleNamespace(aws_request_id="r", get_remaining_time_in_millis=lambda: remaining_ms)
        answer = consume(order(), handler, options)({"Records": list(records)}, context)
        return [one["itemIdentifier"] for one in answer["batchItemFailures"]]

    def test_acknowledges_nothing_that_dies_while_the_delays_of_others_are_set(self) -> None:
        delaying = threading.Event()
        late: list[threading.Thread] = []

        def handle(event: Event, ctx: Context) -> None:
            if event.id != "late":
                raise RuntimeError("not now")
            late.append(threading.current_thread())
            delaying.wait(10)
            raise PermanentError("never")

        def wait_for_late() -> None:
            delaying.set()
            late[0].join(10)

        self.meanwhile = wait_for_late
        failed = self.deliver(handle, a_record("late"), a_record("other"), remaining_ms=400, marginMs=200)
        self.assertEqual((failed, self.buried), (["late", "other"], []))

    def test_stops_a_group_behind_a_done_event_whose_emits_cannot_be_sent(self) -> None:
        locked = define_event("stock.locked", version=1, topic="stock", schema=True)
        over: dict[str, Any] = {"fifo": True, "emits": ["stock.locked:1"]}
        first, ran = a_record("1", group="a"), []
        self.deliver(lambda event, ctx: ctx.emit(locked, {}), first, **over)
        failed = self.deliver(lambda event, ctx: ran.append(event.id), first, a_record("2", group="a"), **over)
        self.assertEqual((ran, failed), ([], ["1", "2"]))


    def test_judges_neither_of_two_events_of_one_identity_while_the_ledger_is_down(self) -> None:
        def claim(requests: object, terms: object) -> list[ClaimResult]:
            raise OSError("out of reach")

        self.ledger.claim = claim  # type: ignore[method-assign]
        impostor = a_record("1", data={"cents": 2}) | {"messageId": "impostor"}
        failed = self.deliver(lambda event, ctx: None, a_record("1"), impostor)
        self.assertEqual((failed, self.buried), (["1", "impostor"], []))

    def test_keeps_the_group_of_a_fair_queue_on_a_dead_letter(self) -> None:
        one = a_record("1") | {"body": "{", "attributes": {"ApproximateReceiveCount": "1", "MessageGroupId": "tenant"}}
        self.deliver(lambda event, ctx: None, one)
        self.assertEqual([(two.group_id, two.deduplication_id) for two in self.buried], [("tenant", None)])


def a_record(event_id: str, group: str | None = None, data: Any = None) -> dict[str, Any]:
    body = seal_event(order(), data or {}, replace(STAMP, id=event_id, correlationid=event_id)).body
    return {
        "messageId": event_id, "receiptHandle": event_id, "body": body, "messageAttributes": {},
        "attributes": {"ApproximateReceiveCount": "1"} | ({"MessageGroupId": group} if group else {}),
        "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:shop-LockStock" + (".fifo" if group else ""),
    }  # fmt: skip


class Telling(unittest.TestCase):
    def test_writes_one_safe_line(self) -> None:
        line = log_line("info", {"message": "a\nb\u202e\x9b", "n": 1.5, "nan": float("nan"), "time": "no"}, 0)
        self.assertNotIn("\n", line)
        self.assertTrue(re.fullmatch(r"[\x20-\x7e]+", line))
        self.assertEqual(json.loads(line)["time"], "1970-01-01T00:00:00.000Z")

    def test_runs_on_after_a_hundred_values(self) -> None:
        lines = [json.loads(one) for one in metric_lines({"Bus": "b"}, {"Handled": 201, "HandlerMs": range(201)}, 0)]
        self.assertEqual([one.get("Handled") for one in lines], [201, None, None])
        self.assertEqual(sum((one["HandlerMs"] for one in lines[:2]), []) + [lines[2]["HandlerMs"]], list(range(201)))


class Readme(unittest.TestCase):
    def test_shows_code_that_runs(self) -> None:
        text = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
        code = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
        self.assertEqual(len(code), 1)
        names: dict[str, Any] = {}
        exec(code[0], names)
        self.assertTrue(callable(names["handler"]))
