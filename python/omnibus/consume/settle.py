"""Ends every claim whose outcome is known."""

from __future__ import annotations

from collections.abc import Sequence

from ..ledger.ports import Ending
from .batch_run import BatchRun
from .dead_letters import send_dead_letters
from .delivery import Delivery

_ENDS_UNFINISHED = frozenset({"failed", "no-time", "group-stopped", "dead-letter-failed", "packed-together"})
"""Retries that leave a claim of ours open: all others have ended it, lost it, or never had it."""


def settle(deliveries: Sequence[Delivery], run: BatchRun) -> None:
    """Dead ones are copied to the dead-letter queue first, the others are given back. Then waits until all completions
    and emitted events are written. May be called several times in a batch; a claim is ended once."""
    send_dead_letters(deliveries, run)
    for delivery in deliveries:
        outcome = delivery.outcome
        if not delivery.claimed or not delivery.readable or not outcome or outcome.kind != "retry":
            continue
        if outcome.reason not in _ENDS_UNFINISHED:
            continue
        delivery.claimed = False
        ending = Ending(delivery.readable.ledger.key, "released", started=delivery.started)
        run.pending.begin()
        # One that cannot be given back is free when its lease is over.
        run.endings.add(ending, lambda _: run.pending.end())
    while run.pending.any():
        run.write_groups()
