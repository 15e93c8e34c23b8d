"""How long to wait before the next try."""

from __future__ import annotations

import math

from .clock import Clock


def backoff_ms(clock: Clock, attempt: int, first_delay_ms: float, max_delay_ms: float) -> int:
    """Exponential with full jitter. Source: "Exponential backoff and jitter", AWS Architecture Blog."""
    ceiling = min(max_delay_ms, first_delay_ms * 2.0 ** min(attempt - 1, 30))
    # As JavaScript rounds: halves go up.
    return math.floor(clock.random() * ceiling + 0.5)
