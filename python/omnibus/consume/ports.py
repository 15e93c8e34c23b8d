"""What the pipeline does to queues beside answering: late retries, and dead letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class DeadLetter:
    """A message to be kept: the body as it came, with its attributes, and one of ours that says why it is here."""

    body: str
    attributes: dict[str, Any]
    group_id: str | None
    deduplication_id: str | None


class ConsumerQueues(Protocol):
    """Neither method raises."""

    def delay(self, queue_arn: str, delays: dict[str, int]) -> None:
        """Makes messages (by receipt handle) visible again after their own delay in seconds. Best effort."""

    def dead_letter(self, queue_arn: str, letters: Sequence[DeadLetter]) -> list[bool]:
        """Puts copies into a dead-letter queue; answers for each, in order, whether the queue took it."""
