"""Step 3: claims what is to be handled, all in one call."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from ..backoff import backoff_ms
from ..errors import Cause, describe_error
from ..ledger.ports import ClaimRequest, ClaimResult, ClaimTerms
from .batch_run import BatchRun, StoredEmits
from .delivery import Delivery, Readable
from .outcome import DUPLICATE, Outcome, dead, retry
from .send_emits import send_emits

_HELD_JITTER_MS = 1_000
"""A claim that runs out at the same moment for many is not asked for by all of them at once."""


def claim_events(deliveries: Sequence[Delivery], run: BatchRun) -> None:
    """What is done already is a duplicate (its unsent events are sent now, as they were stored); what others hold
    comes back when their lease is over. When the ledger does not answer, nothing runs."""
    open_ones = [(one, one.readable) for one in deliveries if one.is_open and one.readable]
    if not open_ones or run.settings.mode != "once":
        return
    requests = [ClaimRequest(readable.ledger, redelivered=one.receives > 1) for one, readable in open_ones]
    lease_ends_ms = run.clock.now_ms() + run.deadline.remaining_ms() + run.settings.margin_ms
    try:
        results = run.parts.ledger.claim(requests, ClaimTerms(run.owner, round(lease_ends_ms)))
    except Exception as error:
        for delivery, _ in open_ones:
            delivery.outcome = _unavailable(delivery, run, describe_error(error))
        return
    for (delivery, readable), result in zip(open_ones, results):
        _settle(delivery, readable, result, run)


def id_reused(readable: Readable) -> Outcome:
    """The same identity with other data: which of the two is meant, only people can say."""
    event = readable.event
    message = f"{event.source} has published {event.id} before, with other data; every event needs an id of its own"
    return dead("id-reused", Cause("IdReused", message))


def _settle(delivery: Delivery, readable: Readable, result: ClaimResult, run: BatchRun) -> None:
    if result.status == "claimed":
        delivery.claimed = True
        delivery.attempt = result.attempts
        delivery.taken_over = result.taken_over
        if result.attempts > run.settings.attempts:
            message = f"run {result.attempts - 1} of {run.settings.attempts} never ended: the process died or ran out of time"
            delivery.outcome = dead("attempts-exhausted", Cause("Unfinished", message))
    elif result.status == "done":
        delivery.outcome = DUPLICATE
        if result.emits:
            delivery.sending = threading.Event()
            send_emits(delivery, StoredEmits(readable.ledger.key, result.emits), run, delivery.sending.set)
    elif result.status == "held":
        wait_ms = max(0, result.lease_ends_ms - run.clock.now_ms())
        delivery.outcome = retry("held", wait_ms + run.clock.random() * _HELD_JITTER_MS)
    elif result.status == "id-reused":
        delivery.outcome = id_reused(readable)
    else:
        cause = Cause(result.code, "the ledger could not decide about this event")
        delivery.outcome = _unavailable(delivery, run, cause)


def _unavailable(delivery: Delivery, run: BatchRun, error: Cause) -> Outcome:
    settings = run.settings
    delay_ms = backoff_ms(run.clock, delivery.receives, settings.first_delay_ms, settings.max_delay_ms)
    return retry("ledger-unavailable", delay_ms, error)
