"""Which messages may go out in one PublishBatch."""

from __future__ import annotations

from collections.abc import Sequence

from ..contract.es_number import es_number
from ..contract.wire_message import WireMessage
from ..limits import BATCH_ENTRIES, SNS_BATCH_BYTES
from ..names import is_fifo


def batches_of(messages: Sequence[WireMessage]) -> list[list[int]]:
    """Positions in `messages`, split by topic, count and bytes; one group of an ordered topic never twice in a batch, so
    that an entry that fails cannot be overtaken by its follower."""
    batches: list[list[int]] = []
    open_batches: dict[str, tuple[list[int], set[str], int]] = {}
    for at, message in enumerate(messages):
        size = message_bytes(message)
        batch, groups, total = open_batches.get(message.topic, ([], set(), 0))
        group = ordered_group(message)
        full = len(batch) == BATCH_ENTRIES or total + size > SNS_BATCH_BYTES or group in groups
        if not batch or full:
            batch, groups, total = [], set(), 0
            batches.append(batch)
        batch.append(at)
        if group is not None:
            groups.add(group)
        open_batches[message.topic] = (batch, groups, total + size)
    return batches


def ordered_group(message: WireMessage) -> str | None:
    """The group that keeps an order: on a standard topic it is a tenant's, and keeps none."""
    return message.group_id if is_fifo(message.topic) else None


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
