"""Step 5: runs the handlers, side by side and yet in order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from .batch_run import BatchRun
from .delivery import Delivery
from .handle_event import handle_event
from .outcome import retry

Lane = list[Delivery]
"""Deliveries that must go one after the other: a FIFO group, or one event alone."""


def run_handlers(deliveries: Sequence[Delivery], run: BatchRun, settle: Callable[[], None]) -> None:
    """Lanes side by side up to `parallel`; inside a lane one after the other, until one has to come again.

    A lane with an event that was taken over waits until all others are done and written down, and then has the
    process for itself: if it is what killed the last one, nobody else dies with it.

    Returns when all lanes are through, or when time is over and something may still be running.
    """
    lanes = _lanes_of(deliveries)
    alone = [lane for lane in lanes if any(one.taken_over for one in lane)]
    finished = _side_by_side([lane for lane in lanes if lane not in alone], run)
    for lane in alone:
        if finished:
            settle()
            finished = _side_by_side([lane], run)
    for delivery in deliveries:
        # What waits behind a handler that does not stop goes back as well.
        if delivery.is_open and not delivery.started:
            delivery.outcome = retry("no-time")


def _lanes_of(deliveries: Sequence[Delivery]) -> list[Lane]:
    lanes: list[Lane] = []
    groups: dict[str, Lane] = {}
    for delivery in deliveries:
        if delivery.group is None:
            if delivery.is_open:
                lanes.append([delivery])
        elif delivery.group in groups:
            groups[delivery.group].append(delivery)
        else:
            groups[delivery.group] = [delivery]
            lanes.append(groups[delivery.group])
    return lanes


def _side_by_side(lanes: Sequence[Lane], run: BatchRun) -> bool:
    waiting = iter(lanes)
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                lane = next(waiting, None)
            if lane is None:
                return
            _run_lane(lane, run)

    count = min(run.settings.parallel, len(lanes))
    # Daemons: a handler that never stops must not keep the process from ending.
    threads = [threading.Thread(target=work, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    return run.deadline.join(threads)


def _run_lane(lane: Lane, run: BatchRun) -> None:
    """The next one of a group starts when the end of the one before is written down: what fails then stops it, too."""
    stopped = False
    for delivery in lane:
        if delivery.is_open and delivery.readable:
            if stopped:
                delivery.outcome = retry("group-stopped")
            elif not run.deadline.may_start():
                delivery.outcome = retry("no-time")
            else:
                over = handle_event(delivery, delivery.readable, run)
                if over and delivery is not lane[-1]:
                    run.wait_for(over)
        elif delivery.sending and delivery is not lane[-1]:
            run.wait_for(delivery.sending)
        stopped = stopped or (delivery.outcome is not None and delivery.outcome.kind == "retry")
