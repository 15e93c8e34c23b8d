"""Step 8 for what can never be handled."""

from __future__ import annotations

from collections.abc import Sequence

from ..backoff import backoff_ms
from ..ledger.ports import Ending, LedgerEvent, RecordRequest
from ..names import dead_letter_queue
from .batch_run import BatchRun
from .delivery import Delivery
from .omnibus_attribute import dead_letter_attributes
from .outcome import Outcome, retry
from .ports import DeadLetter


def send_dead_letters(deliveries: Sequence[Delivery], run: BatchRun) -> None:
    """Copied to the dead-letter queue, then `dead` in the ledger, then (by the answer) gone from the work queue. A
    crash in between copies it twice; it never loses it. One that the queue does not take comes back."""
    dead = [
        (one, one.outcome)
        for one in deliveries
        if one.outcome and one.outcome.kind == "dead" and not one.copied and not _waits(one, deliveries)
    ]
    if not dead:
        return
    settings = run.settings
    place = run.queue_arn[: run.queue_arn.rindex(":") + 1]
    arn = place + dead_letter_queue(settings.bus, settings.consumer, settings.fifo)
    taken = run.parts.queues.dead_letter(arn, [_letter_of(one, outcome, run) for one, outcome in dead])
    for (delivery, outcome), was_taken in zip(dead, taken):
        delivery.copied = True
        if was_taken:
            _mark_dead(delivery, outcome.reason, run)
        else:
            delay_ms = backoff_ms(run.clock, delivery.receives, settings.first_delay_ms, settings.max_delay_ms)
            delivery.outcome = retry("dead-letter-failed", delay_ms, outcome.error)


def _waits(delivery: Delivery, deliveries: Sequence[Delivery]) -> bool:
    """Whether another event of the same message is undecided or must come again."""
    return delivery.packed and any(one.record is delivery.record and one.comes_again for one in deliveries)


def _letter_of(delivery: Delivery, outcome: Outcome, run: BatchRun) -> DeadLetter:
    # The same for the same delivery, should it be copied twice; another one for whatever comes later.
    once = f"{delivery.record['messageId']}-{delivery.index}"
    return DeadLetter(
        body=delivery.body,
        attributes=dead_letter_attributes(delivery, outcome, run.settings.consumer, run.clock.now_ms()),
        # Fair queues have groups as well, without an order.
        group_id=delivery.record["attributes"].get("MessageGroupId"),
        deduplication_id=None if delivery.group is None else once,
    )


def _mark_dead(delivery: Delivery, reason: str, run: BatchRun) -> None:
    """Where the ledger can follow this event, also where no contract fits it: whoever asks what became of it asks the
    ledger. One whose identity belongs to another (`id-reused`) has no item of its own.

    A write that fails changes nothing: the copy is safe, and the claim's lease runs out.
    """
    readable, mode = delivery.readable, run.settings.mode
    if reason == "id-reused":
        return
    if readable and delivery.claimed:
        delivery.claimed = False
        run.pending.begin()
        run.endings.add(Ending(readable.ledger.key, "dead", reason=reason), lambda _: run.pending.end())
    elif readable and mode == "record":
        _record_dead(readable.ledger, delivery.attempt, reason, run)
    elif delivery.unfit and mode != "none":
        # It never ran.
        _record_dead(delivery.unfit, 0, reason, run)


def _record_dead(event: LedgerEvent, attempts: int, reason: str, run: BatchRun) -> None:
    run.pending.begin()
    request = RecordRequest(event, attempts, Ending(event.key, "dead", reason=reason))
    run.records.add(request, lambda _: run.pending.end())
