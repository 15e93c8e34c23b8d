"""One JSON line per thing that happened."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..contract.rfc3339 import to_instant
from ..contract.wire_message import json_text

LogValue = str | int | float | bool | None
"""Flat and plain, so that an event's data cannot slip in whole."""

_MAX_TEXT = 2_000
_unsafe = re.compile("[\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def log_line(level: str, fields: Mapping[str, LogValue], time_ms: int) -> str:
    """`level`, `time`, then the fields. Always one line, and safe to show in a terminal. Never give it event data."""
    line: dict[str, LogValue] = {"level": level, "time": to_instant(time_ms)}
    for name, value in fields.items():
        if name not in ("level", "time"):
            line[name] = _plain(value)
    return _unsafe.sub(lambda found: f"\\u{ord(found.group()):04x}", json_text(line))


def _plain(value: object) -> LogValue:
    """Never raises, since users log what they like: what JSON has no form for is shown as text."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float) and value - value == 0:
        return value
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}… ({len(text)} characters)"
