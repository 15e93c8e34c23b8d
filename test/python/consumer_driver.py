"""A consumer in Python as a process of its own: the sibling of `consumer-driver.ts`, line by line."""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

from omnibus import ConsumeOptions, InvalidEventError, PermanentError, consume, define_event
from omnibus.ledger.dynamo_ledger import DynamoLedger
from omnibus.names import ledger_table
from omnibus.settings import read_settings

_lock = threading.Lock()


def say(line):
    with _lock:
        os.write(1, f"{json.dumps(line)}\n".encode())


given = json.loads((Path(__file__).parent / "contracts.json").read_text("utf-8"))
order_created = define_event("order.created", **given["order.created"])
stock_locked = define_event("stock.locked", **given["stock.locked"])


def handle(event, ctx):
    what = event.data.get("do", "handle")
    say({"ran": {"id": event.id, "attempt": ctx.attempt, "effectKey": ctx.effect_key}})
    if what == "fail":
        raise RuntimeError("the partner said no")
    if what == "permanent":
        raise PermanentError("no such order")
    if what == "emit-too-much":
        try:
            ctx.emit(stock_locked, {"orderId": "x" * 300_000})
        except InvalidEventError:
            pass
    if what.startswith("emit"):
        ctx.emit(stock_locked, {"orderId": event.data["orderId"]})
    if what == "hang":
        threading.Event().wait()
    if what == "abort":
        ctx.aborted.wait()
        raise RuntimeError("aborted")


class CrashingLedger:
    """The ledger that is there, and a process that dies beside it."""

    def __init__(self, real, point):
        self._real = real
        self._point = point
        self.record = real.record
        self.sent = real.sent

    def _reach(self, reached):
        if reached == self._point:
            os.kill(os.getpid(), signal.SIGKILL)

    def claim(self, requests, terms):
        results = self._real.claim(requests, terms)
        self._reach("claimed")
        return results

    def end(self, endings, owner):
        self._reach("handled")
        results = self._real.end(endings, owner)
        self._reach("done")
        return results


class LambdaContext:
    aws_request_id = "request"

    def __init__(self, remaining_ms):
        self._ends = time.monotonic() + remaining_ms / 1000

    def get_remaining_time_in_millis(self):
        return int((self._ends - time.monotonic()) * 1000)


def sink(lines):
    for line in lines.split("\n"):
        say({"line": json.loads(line)})


settings = read_settings()
ledger = DynamoLedger(ledger_table(settings.bus), settings.keep_ms)
options = ConsumeOptions(ledger=CrashingLedger(ledger, os.environ.get("OMNIBUS_CRASH")), sink=sink)
handler = consume(order_created, handle, options)

say({"ready": True})
for line in sys.stdin:
    command = json.loads(line)
    say({"answer": handler({"Records": command["records"]}, LambdaContext(command["remainingMs"]))})
