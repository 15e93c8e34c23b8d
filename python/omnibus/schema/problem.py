"""What a schema does not accept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """`path` leads from the data to what was wrong. The message does not quote the value."""

    path: tuple[str | int, ...]
    message: str
