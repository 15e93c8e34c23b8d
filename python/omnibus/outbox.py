"""Events of a writer's own DynamoDB transaction: rows of an outbox, as docs/outbox.md has them."""

from __future__ import annotations

import hashlib
from datetime import datetime, timezone
from typing import Any

from .contract.wire_message import WireMessage, json_text

OUTBOX_SHARDS = 32
"""Rows are spread over so many partitions, in every language."""


def outbox_row(
    message: WireMessage,
    *,
    created_ms: int,
    order: tuple[str, int] | None = None,
    prefix: str = "",
    partition_key: str = "pk",
    sort_key: str = "sk",
) -> dict[str, dict[str, str]]:
    """The item of an event that waits to be published, in DynamoDB's own JSON.

    Put it on condition that nothing is at its key. With `order` (key and sequence) the transaction must also move the
    key's last sequence on, from the one before.
    """
    if order is None:
        digest = _digest(f"{message.source}\n{message.id}\n")
        created = datetime.fromtimestamp(created_ms // 1_000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
        partition, sort = f"row#{_shard(digest)}", f"{created}.{created_ms % 1_000:03d}Z {digest[:32]}"
    else:
        key, sequence = order
        partition, sort = f"line#{_shard(_digest(key))}", f"{key} {sequence:016d}"
    item: dict[str, dict[str, str]] = {
        partition_key: {"S": prefix + partition},
        sort_key: {"S": sort},
        "v": {"N": "1"},
        "id": {"S": message.id},
        "source": {"S": message.source},
        "type": {"S": message.type},
        "topic": {"S": message.topic},
        "body": {"S": message.body},
        "attributes": {"S": json_text(message.attributes)},
        "created": {"N": str(created_ms)},
    }
    if message.group_id is not None:
        item["group"] = {"S": message.group_id}
    if message.deduplication_id is not None:
        item["deduplication"] = {"S": message.deduplication_id}
    return item


def outbox_step(
    key: str, sequence: int, *, table: str, prefix: str = "", partition_key: str = "pk", sort_key: str = "sk"
) -> dict[str, Any]:
    """The other write of an ordered event: the key's last sequence moves on, if it still is the one before."""
    values = {":sequence": {"N": str(sequence)}}
    if sequence > 1:
        values[":before"] = {"N": str(sequence - 1)}
    return {
        "Update": {
            "TableName": table,
            "Key": {partition_key: {"S": f"{prefix}last#{key}"}, sort_key: {"S": "last"}},
            "UpdateExpression": "SET #sequence = :sequence",
            "ConditionExpression": "#sequence = :before" if sequence > 1 else "attribute_not_exists(#sequence)",
            "ExpressionAttributeNames": {"#sequence": "sequence"},
            "ExpressionAttributeValues": values,
        }
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _shard(digest: str) -> str:
    return f"{int(digest[:2], 16) % OUTBOX_SHARDS:02d}"
