"""Why something that arrived is no event, or none that this consumer can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Rejection:
    """`code` as in docs/wire-format.md; `field` is where in the message, empty for the message itself."""

    code: str
    field: str
    message: str


Envelope = dict[str, Any]
"""A CloudEvents envelope that was checked and completed."""

Decoded = Envelope | Rejection
"""One event out of a message, or the reason why there is none."""
