"""Instants as RFC 3339 writes them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_pattern = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(\.[0-9]{1,20})?"
    r"(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))"
)
_days = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_epoch = datetime(1970, 1, 1)


def is_rfc3339(text: str) -> bool:
    """Whether it is an instant on a day that exists. A leap second is refused: most languages cannot hold one."""
    parts = _pattern.fullmatch(text) if len(text) <= 48 else None
    if parts is None:
        return False
    year, month, day = (int(part) for part in parts.groups()[:3])
    if not (1 <= month <= 12 and 1 <= day <= _days[month - 1]):
        return False
    return month != 2 or day < 29 or (year % 4 == 0 and year % 100 != 0) or year % 400 == 0


def instant_ms(text: str) -> float | None:
    """Milliseconds since the Unix epoch; `None` for what Python's calendar cannot hold (the year 0)."""
    parts = _pattern.fullmatch(text)
    if parts is None:
        return None
    *whole, fraction, sign, hours, minutes = parts.groups()
    try:
        at = datetime(*(int(part) for part in whole))  # type: ignore[arg-type]
    except ValueError:
        return None
    seconds = (at - _epoch).total_seconds() + float(fraction or 0)
    if sign:
        offset = int(hours) * 3600 + int(minutes) * 60
        seconds += offset if sign == "-" else -offset
    return seconds * 1000


def to_instant(time_ms: int) -> str:
    """`2026-01-31T12:00:00.000Z`."""
    return (_epoch + timedelta(milliseconds=time_ms)).isoformat(timespec="milliseconds") + "Z"
