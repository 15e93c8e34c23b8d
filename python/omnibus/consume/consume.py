"""Makes a Lambda function of a handler."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from ..clock import Clock, system_clock
from ..contract.contract import Contract
from ..errors import SettingsError
from ..ledger.dynamo_ledger import DynamoLedger
from ..ledger.ports import Ledger
from ..names import ledger_table
from ..publish.ports import Topics
from ..publish.sns_topics import SnsTopics
from ..settings import VARIABLE, Settings, read_settings
from ..telemetry.sink import Sink, standard_output
from .batch_run import ConsumerParts, Handler
from .ports import ConsumerQueues
from .refuse_unrun import refuse_unrun_handler
from .run_batch import LambdaContext, run_batch
from .sqs_queues import SqsQueues

LambdaHandler = Callable[[Any, LambdaContext], "dict[str, Any]"]
"""A Lambda function behind an SQS event source mapping with `ReportBatchItemFailures`."""


def _exit() -> None:
    os._exit(1)


@dataclass(frozen=True)
class ConsumeOptions:
    """What tests put in the place of AWS. A deployed function needs none of it."""

    settings: Settings | None = None
    ledger: Ledger | None = None
    queues: ConsumerQueues | None = None
    topics: Topics | None = None
    clock: Clock = system_clock
    sink: Sink = standard_output
    end_process: Callable[[], None] = _exit


def consume(
    on: Contract | Sequence[Contract], handler: Handler, options: ConsumeOptions = ConsumeOptions()
) -> LambdaHandler:
    """Of a handler for one contract or several.

    At least once from SQS; in mode `once` the ledger lets a handled event run no second time, so effects outside are
    repeated only when the process dies between the effect and its record: give `ctx.effect_key` to whoever can know
    it again. An exception means "try again later", up to the consumer's attempts; `PermanentError` means dead at
    once. Events run side by side in a batch, in threads; FIFO groups in order.

    Raises `SettingsError` when the contracts are not those that the stack has subscribed, and for an `async def`.

        def handle(event, ctx):
            reserve(event.data["orderId"], idempotency_key=ctx.effect_key)

        handler = consume(order_created, handle)
    """
    refuse_unrun_handler(handler)
    contracts = (on,) if isinstance(on, Contract) else tuple(on)
    settings = options.settings or read_settings()
    if settings:
        _refuse_difference(settings, contracts)
    lock = threading.Lock()
    made: list[ConsumerParts] = []

    def lambda_handler(event: Any, context: LambdaContext) -> dict[str, Any]:
        records = event.get("Records") if isinstance(event, dict) else None
        if not isinstance(records, list):
            raise SettingsError(
                "not-sqs",
                "the function was invoked with something that is no SQS batch (it has no Records): invoke it through its queue's event source mapping",
            )
        with lock:
            if not made:
                made.append(_assemble(settings, contracts, handler, options))
        return run_batch(records, context, made[0])

    _consumed[lambda_handler] = (contracts, handler)
    return lambda_handler


_consumed: WeakKeyDictionary[LambdaHandler, tuple[tuple[Contract, ...], Handler]] = WeakKeyDictionary()


def consumed_by(handler: LambdaHandler) -> tuple[tuple[Contract, ...], Handler] | None:
    """What a function was made of by `consume`: a test runs the same with parts of its own."""
    return _consumed.get(handler)


def _assemble(
    settings: Settings | None, contracts: Sequence[Contract], handler: Handler, options: ConsumeOptions
) -> ConsumerParts:
    if settings is None:
        raise SettingsError(
            "settings-missing", f"the variable {VARIABLE} is not set: the Consumer construct writes it into the function's environment"
        )
    clock, sink = options.clock, options.sink
    return ConsumerParts(
        settings=settings,
        contracts=contracts,
        handler=handler,
        ledger=options.ledger or DynamoLedger(ledger_table(settings.bus), settings.keep_ms, clock=clock),
        queues=options.queues or SqsQueues(),
        topics=options.topics or SnsTopics(settings, clock=clock, sink=sink),
        clock=clock,
        sink=sink,
        end_process=options.end_process,
    )


def _refuse_difference(settings: Settings, contracts: Sequence[Contract]) -> None:
    """The stack subscribes, the code handles: where they differ, events would be lost or die without a reader."""
    handled = {contract.key for contract in contracts}
    subscribed = set(settings.on)
    if handled == subscribed:
        return
    raise SettingsError(
        "contracts-differ",
        f"consumer {settings.consumer} was deployed for {_list(subscribed)}, and its code handles {_list(handled)}. Give the Consumer construct and consume() the same contracts",
    )


def _list(keys: set[str]) -> str:
    return ", ".join(sorted(keys)) or "nothing"
