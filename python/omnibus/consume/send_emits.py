"""Step 7: publishes stored events, then forgets them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..backoff import backoff_ms
from ..errors import Cause
from .batch_run import BatchRun, ConsumerParts, StoredEmits
from .delivery import Delivery
from .outcome import retry


def send_emits(
    delivery: Delivery, stored: StoredEmits, run: BatchRun, then: Callable[[], None] = lambda: None
) -> None:
    """Until they are forgotten a redelivery finds them and sends the same bytes again; consumers know them by their
    identity. When one could not be sent the delivery comes back. `then` is called when all is over."""

    def done(error: Cause | None) -> None:
        if error:
            settings = run.settings
            delay_ms = backoff_ms(run.clock, delivery.receives, settings.first_delay_ms, settings.max_delay_ms)
            delivery.outcome = retry("emit-failed", delay_ms, error)
        then()
        run.pending.end()

    run.pending.begin()
    run.emits.add(stored, done)


def write_emits(group: Sequence[StoredEmits], parts: ConsumerParts) -> list[Cause | None]:
    """Publishes the emits of several events in as few calls as can be; answers per event what went wrong."""
    results = iter(parts.topics.publish([message for stored in group for message in stored.messages]))
    errors: list[Cause | None] = []
    for stored in group:
        own = [next(results) for _ in stored.messages]
        errors.append(next((error for error in own if error), None))
    try:
        parts.ledger.sent([one.key for one, error in zip(group, errors) if one.key is not None and not error])
    except Exception:
        pass  # Forgetting is a courtesy: what stays behind is sent at most once more, under the same identity.
    return errors
