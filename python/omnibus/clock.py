"""Where time, timers and chance come from: the only door, so that a test can stand behind it."""

from __future__ import annotations

import os
import random
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Clock:
    """Time in whole milliseconds since the Unix epoch; chance in [0, 1)."""

    now_ms: Callable[[], int]
    after: Callable[[float, Callable[[], None]], Callable[[], None]]
    """Calls a function once, after milliseconds; what it returns cancels that."""
    sleep_ms: Callable[[float], None]
    random: Callable[[], float]


def _after(delay_ms: float, fire: Callable[[], None]) -> Callable[[], None]:
    timer = threading.Timer(delay_ms / 1000, fire)
    timer.daemon = True
    timer.start()
    return timer.cancel


system_clock = Clock(
    now_ms=lambda: time.time_ns() // 1_000_000,
    after=_after,
    sleep_ms=lambda delay_ms: time.sleep(delay_ms / 1000),
    random=random.random,
)


def uuid7(clock: Clock) -> str:
    """A UUIDv7: 48 bits of milliseconds, then chance. Source: RFC 9562, section 5.7."""
    bits = (clock.now_ms() << 80) | int.from_bytes(os.urandom(10), "big")
    bits = bits & ~(0xF << 76) | (0x7 << 76)
    bits = bits & ~(0x3 << 62) | (0x2 << 62)
    return str(uuid.UUID(int=bits))
