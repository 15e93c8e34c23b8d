"""The end of one invocation, in three steps.

 start ──────────────── nothing new starts, `aborted` is set ──── over ──── Lambda's own timeout
                        │◀──────────────── margin ─────────────────────────▶│
                        │◀─── half: handlers wind up ──▶│◀─ half: flush ───▶│
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from ..clock import Clock


class Deadline:
    """Of an invocation that has `remaining_ms` left."""

    def __init__(self, clock: Clock, remaining_ms: float, margin_ms: float) -> None:
        self._clock = clock
        self._margin_ms = margin_ms
        self._ends_ms = clock.now_ms() + remaining_ms
        self.aborted = threading.Event()
        """Set when the margin begins."""
        self.dispose = clock.after(max(0, remaining_ms - margin_ms), self.aborted.set)
        """Ends its timer."""

    def may_start(self) -> bool:
        """Whether there is time to start a handler."""
        return self._ends_ms - self._clock.now_ms() >= self._margin_ms

    def remaining_ms(self) -> float:
        """Until Lambda ends the invocation."""
        return max(0, self._ends_ms - self._clock.now_ms())

    def join(self, threads: Sequence[threading.Thread]) -> bool:
        """Waits for threads; `False` when half of the margin is over and one is still running."""
        for thread in threads:
            thread.join(max(0, self.remaining_ms() - self._margin_ms / 2) / 1000)
        return not any(thread.is_alive() for thread in threads)
