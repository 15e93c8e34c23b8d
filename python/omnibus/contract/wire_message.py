"""An event as bytes, ready for SNS: made once, sent as often as needed with the same bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def json_text(value: Any) -> str:
    """JSON without white space; text stays as it is, in UTF-8."""
    return _encoder.encode(value)


@dataclass(frozen=True)
class WireMessage:
    """Ledger items keep emitted events in this form, the same in every language."""

    topic: str
    id: str
    source: str
    type: str
    body: str
    attributes: dict[str, str | int | float]
    group_id: str | None = None
    """On ordered topics the partition key; on standard ones the tenant, where the contract tells one."""
    deduplication_id: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As the ledger's `emits` has it."""
        written: dict[str, Any] = {
            "topic": self.topic,
            "id": self.id,
            "source": self.source,
            "type": self.type,
            "body": self.body,
            "attributes": self.attributes,
        }
        if self.group_id is not None:
            written["groupId"] = self.group_id
        if self.deduplication_id is not None:
            written["deduplicationId"] = self.deduplication_id
        return written


def emits_text(messages: Sequence[WireMessage]) -> str:
    """What a ledger item's `emits` holds."""
    return json_text([message.to_json() for message in messages])


def read_emits(text: str) -> tuple[WireMessage, ...]:
    """Emitted events out of a ledger item's `emits`, whatever language wrote them."""
    return tuple(
        WireMessage(
            topic=one["topic"],
            id=one["id"],
            source=one["source"],
            type=one["type"],
            body=one["body"],
            attributes=one["attributes"],
            group_id=one.get("groupId"),
            deduplication_id=one.get("deduplicationId"),
        )
        for one in json.loads(text)
    )
