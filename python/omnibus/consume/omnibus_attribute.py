"""The one message attribute of ours: what must be added on the way, so that bodies are forwarded untouched."""

from __future__ import annotations

import json
import re
from typing import Any

from ..contract.rfc3339 import to_instant
from .delivery import Delivery, Record
from .outcome import Outcome

_NAME = "omnibus"
_MAX_ERROR = 500
_MAX_OTHERS = 9
"""A message carries ten attributes. (sns-message-attributes)"""
_replay_id = re.compile(r"[\x20-\x7e]{1,128}")


def replay_id_of(record: Record) -> str | None:
    """The replay that a record belongs to, if it says so; an attribute that cannot be read says nothing."""
    text = (record.get("messageAttributes") or {}).get(_NAME, {}).get("stringValue")
    try:
        value = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
    replay_id = value.get("replayId") if isinstance(value, dict) else None
    return replay_id if isinstance(replay_id, str) and _replay_id.fullmatch(replay_id) else None


def is_shadow(replay_id: str | None) -> bool:
    """Whether a run is a replay's that shall have no effects: its id says so, wherever the message goes."""
    return replay_id is not None and replay_id.endswith("-shadow")


def dead_letter_attributes(delivery: Delivery, outcome: Outcome, consumer: str, now_ms: int) -> dict[str, Any]:
    """Those that the message had, and the note. `schema/dead-letter.schema.json`."""
    first_ms = int(delivery.record["attributes"].get("ApproximateFirstReceiveTimestamp", now_ms))
    note: dict[str, Any] = {"v": 1, "consumer": consumer, "reason": outcome.reason}
    if outcome.error:
        note["error"] = {"name": outcome.error.name, "message": outcome.error.message[:_MAX_ERROR]}
    note["attempts"] = delivery.attempt
    note["firstAt"] = to_instant(first_ms)
    note["lastAt"] = to_instant(now_ms)
    if delivery.replay_id is not None:
        note["replayId"] = delivery.replay_id
    given = delivery.record.get("messageAttributes") or {}
    dropped = [name for name in given if name != _NAME][_MAX_OTHERS:]
    if dropped:
        note["dropped"] = dropped
    # Plain ASCII: SQS refuses most control characters in attribute values.
    text = json.dumps(note, separators=(",", ":")).replace("\x7f", "\\u007f")
    kept = {name: value for name, value in given.items() if name not in dropped}
    return {**kept, _NAME: {"dataType": "String", "stringValue": text}}
