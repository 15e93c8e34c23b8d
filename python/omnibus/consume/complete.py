"""Step 6: the handler has returned. Writes the completion, with the emitted events inside, then has those sent."""

from __future__ import annotations

import threading

from ..backoff import backoff_ms
from ..contract.wire_message import WireMessage
from ..errors import Cause
from ..ledger.ports import Ending, EndResult, RecordRequest, RecordResult
from .batch_run import BatchRun, StoredEmits
from .claim_events import id_reused
from .delivery import Delivery, Readable
from .outcome import DUPLICATE, HANDLED, Outcome, retry
from .send_emits import send_emits


def complete(
    delivery: Delivery, readable: Readable, emits: tuple[WireMessage, ...], run: BatchRun
) -> threading.Event:
    """The outcome is known when the event is set, after the group commit; only the next of a group waits for it."""
    over = threading.Event()
    key = readable.ledger.key
    ending = Ending(key, "done", emits=emits)

    def settle(outcome: Outcome, unsent: tuple[WireMessage, ...], stored: str | None = key) -> None:
        delivery.outcome = outcome
        if unsent:
            send_emits(delivery, StoredEmits(stored, unsent), run, over.set)
        else:
            over.set()

    def ended(result: EndResult) -> None:
        if result.status == "ended":
            settle(HANDLED, emits)
        elif result.status == "lost":
            message = "the lease had run out and another run has taken over: its result counts"
            settle(retry("lost", 0, Cause("Lost", message)), ())
        else:
            settle(_not_recorded(result.code, delivery, run), ())
        run.pending.end()

    def recorded(result: RecordResult) -> None:
        if result.status == "recorded":
            settle(HANDLED, emits)
        elif result.status == "already":
            settle(DUPLICATE, result.emits)
        elif result.status == "id-reused":
            settle(id_reused(readable), ())
        else:
            settle(_not_recorded(result.code, delivery, run), ())
        run.pending.end()

    if run.settings.mode == "none":
        settle(HANDLED, emits, None)
        return over
    run.pending.begin()
    if run.settings.mode == "once":
        # Whatever comes of it, this claim is not to be given back any more.
        delivery.claimed = False
        run.endings.add(ending, ended)
    else:
        run.records.add(RecordRequest(readable.ledger, delivery.attempt, ending), recorded)
    return over


def _not_recorded(code: str, delivery: Delivery, run: BatchRun) -> Outcome:
    settings = run.settings
    delay_ms = backoff_ms(run.clock, delivery.receives, settings.first_delay_ms, settings.max_delay_ms)
    message = f"the handler ran, but the ledger did not take its end: {code}"
    return retry("not-recorded", delay_ms, Cause("NotRecorded", message))
