"""Which messages may go out in one PublishBatch."""

from __future__ import annotations

from collections.abc import Sequence

from ..contract.es_number import es_number
from ..contract.wire_message import WireMessage
from ..limits import BATCH_ENTRIES, SNS_BATCH_BYTES


def batches_of(messages: Sequence[WireMessage]) -> list[list[int]]:
    """Positions in `messages`, split by topic, count and bytes; one group never twice in a batch, so that an entry
    that fails cannot be overtaken by its follower."""
    batches: list[list[int]] = []
    open_batches: dict[str, tuple[list[int], set[str], int]] = {}
    for at, message in enumerate(messages):
        size = message_bytes(message)
        batch, groups, total = open_batches.get(message.topic, ([], set(), 0))
        full = len(batch) == BATCH_ENTRIES or total + size > SNS_BATCH_BYTES or message.group_id in groups
        if not batch or full:
            batch, groups, total = [], set(), 0
            batches.append(batch)
        batch.append(at)
        if message.group_id is not None:
            groups.add(message.group_id)
        open_batches[message.topic] = (batch, groups, total + size)
    return batches


def attribute_text(value: str | int | float) -> str:
    """An attribute's value as SNS takes it."""
    return value if isinstance(value, str) else es_number(value)


def message_bytes(message: WireMessage) -> int:
    """As SNS counts: the body, and each attribute's name, type and value. (sns-large-payload)"""
    attributes = sum(
        len(name.encode()) + len("String") + len(attribute_text(value).encode())
        for name, value in message.attributes.items()
    )
    return len(message.body.encode()) + attributes
