"""One SQS batch, step by step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

from ..clock import uuid7
from ..errors import describe_error
from ..ledger.ports import EndResult, RecordResult
from .batch_run import BatchRun, ConsumerParts
from .claim_events import claim_events, id_reused
from .deadline import Deadline
from .decode_records import decode_records
from .delivery import Delivery, Readable, Record
from .group_commit import GroupCommit
from .outcome import DUPLICATE, Outcome, retry
from .pending import Pending
from .report import log_unfinished, report
from .run_handlers import run_handlers
from .send_emits import write_emits
from .settle import settle
from .write_endings import write_endings


class LambdaContext(Protocol):
    """The part of Lambda's context that the pipeline needs."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int: ...


def run_batch(records: Sequence[Record], context: LambdaContext, parts: ConsumerParts) -> dict[str, Any]:
    """Decode → claim → handle → complete → dead letters → delays → answer.

    Every claim ends as `done`, `dead` or `released` before the answer; the answer names exactly the messages that
    must come again. A handler that does not stop in time is never answered over: what is known is written down, and
    the process ends, so that SQS hands the whole batch out again and the ledger knows which of it was done.
    """
    if not records:
        return {"batchItemFailures": []}
    run = _begin(records[0], context, parts)
    try:
        deliveries = decode_records(records, parts.contracts, parts.settings.consumer)
        claim_events(deliveries, run)
        run_handlers(deliveries, run, lambda: settle(deliveries, run))
        settle(deliveries, run)
        _settle_repeats(deliveries)
        _keep_together(deliveries)
        settle(deliveries, run)
        # Decided here: what ends from now on is neither buried nor sent, so it must come again, however it ends.
        unfinished = [one for one in deliveries if one.is_unfinished]
        _delay_retries(deliveries, run)
        report([one for one in deliveries if one not in unfinished], run)
        if unfinished:
            log_unfinished(unfinished, run)
            parts.end_process()
        return _answer(deliveries, unfinished)
    finally:
        run.deadline.dispose()
        for group in (run.endings, run.records, run.emits):
            group.close()


def _begin(first: Record, context: LambdaContext, parts: ConsumerParts) -> BatchRun:
    clock, ledger = parts.clock, parts.ledger
    owner = f"{context.aws_request_id}/{uuid7(clock)}"

    return BatchRun(
        parts=parts,
        owner=owner,
        queue_arn=first["eventSourceARN"],
        deadline=Deadline(clock, context.get_remaining_time_in_millis(), parts.settings.margin_ms),
        endings=GroupCommit(
            lambda items: write_endings(items, lambda some: ledger.end(some, owner), _end_failed, clock), _end_failed
        ),
        records=GroupCommit(
            lambda items: write_endings(items, ledger.record, _record_failed, clock), _record_failed
        ),
        emits=GroupCommit(lambda items: write_emits(items, parts), describe_error),
        pending=Pending(),
        running=Pending(),
    )


def _end_failed(error: Exception) -> EndResult:
    return EndResult("failed", code=describe_error(error).message)


def _record_failed(error: Exception) -> RecordResult:
    return RecordResult("failed", code=describe_error(error).message)


def _settle_repeats(deliveries: Sequence[Delivery]) -> None:
    """An event that came twice in one batch shares the outcome of its first delivery; with other data it is dead."""
    for delivery in deliveries:
        first, own = delivery.follows, delivery.readable
        if not first or not first.readable or not own or delivery.outcome:
            continue
        if own.ledger.hash != first.readable.ledger.hash:
            delivery.outcome = _of_other_data(first.outcome, own)
        elif first.outcome:
            delivery.outcome = first.outcome if first.outcome.kind == "retry" else DUPLICATE


def _of_other_data(first: Outcome | None, own: Readable) -> Outcome:
    if first and first.reason == "ledger-unavailable":
        # Which of the two the ledger knows is not known yet: both come again.
        return first
    if first and first.reason == "id-reused":
        # The first delivery was the one with the wrong data: the second comes again without it.
        return retry("held")
    return id_reused(own)


def _keep_together(deliveries: Sequence[Delivery]) -> None:
    """A message with several events is acknowledged, or comes again, as a whole. Its dead ones are buried when no other
    one has to come again: buried earlier, they would be buried again each time."""
    again = {id(one.record) for one in deliveries if one.comes_again}
    for one in deliveries:
        is_dead = one.outcome is not None and one.outcome.kind == "dead"
        if one.packed and is_dead and not one.copied and id(one.record) in again:
            one.outcome = retry("packed-together", 0, one.outcome.error if one.outcome else None)


def _delay_retries(deliveries: Sequence[Delivery], run: BatchRun) -> None:
    """Step 8 for what comes again: each waits for its own time, set for all in one call."""
    delays: dict[str, int] = {}
    stopped: dict[str, int] = {}
    for delivery in deliveries:
        # What stays with others of its message comes when they do.
        if delivery.outcome and delivery.outcome.kind == "retry" and delivery.outcome.reason != "packed-together":
            handle = delivery.record["receiptHandle"]
            seconds = math.ceil(delivery.outcome.delay_ms / 1000)
            found = stopped if delivery.outcome.reason == "group-stopped" else delays
            found[handle] = min(found.get(handle, seconds), seconds)
    delays = {**stopped, **delays}
    if delays:
        run.parts.queues.delay(run.queue_arn, delays)


def _answer(deliveries: Sequence[Delivery], unfinished: Sequence[Delivery]) -> dict[str, Any]:
    """Step 9: a message comes again when any event in it must. One without an outcome was never ended: it does."""
    again = dict.fromkeys(
        one.record["messageId"] for one in deliveries if one.comes_again or one in unfinished
    )
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in again]}
