"""Topics as the pipeline sees them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..contract.wire_message import WireMessage
from ..errors import Cause


class Topics(Protocol):
    """At least once: a message whose result was lost may have been taken."""

    def publish(self, messages: Sequence[WireMessage]) -> list[Cause | None]:
        """Sends stored bytes; answers per message what went wrong, if anything. Never raises."""
