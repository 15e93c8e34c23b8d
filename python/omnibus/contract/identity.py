"""What is computed of an event's identity: equal in every language."""

from __future__ import annotations

import hashlib
import uuid

from ..errors import InvalidEventError
from .canonical_json import is_well_formed
from .text import show_value

EMITTED_NAMESPACE = uuid.UUID("874378ac-3455-5724-a65b-ac3b0d30d163")
"""UUIDv5 of `urn:omnibus:emitted` in the URL namespace."""


def ledger_key(consumer: str, source: str, event_id: str, replay_id: str | None = None) -> str:
    """The first 128 bits of SHA-256 over consumer, source, id (and replay id), each ended by a line feed, in hex."""
    replay = "" if replay_id is None else f"{replay_id}\n"
    return hashlib.sha256(f"{consumer}\n{source}\n{event_id}\n{replay}".encode()).hexdigest()[:32]


def deduplication_id(source: str, event_id: str) -> str:
    """SHA-256, in hex, over source and id, each ended by a line feed: for ordered topics."""
    return hashlib.sha256(f"{source}\n{event_id}\n".encode()).hexdigest()


def emitted_id(*, consumer: str, source: str, event_id: str, key: str, replay_id: str = "") -> str:
    """The id of an event that a handler emits: a handler that runs twice emits the same identity.

    UUIDv5 over consumer, the cause's source and id, the replay's id and the emit's key, each ended by a line feed.
    """
    parts = {"consumer": consumer, "source": source, "id": event_id, "replayId": replay_id, "key": key}
    for name, value in parts.items():
        if "\n" in value or not is_well_formed(value):
            raise InvalidEventError(
                "emitted-id", f"{name} {show_value(value)} must not hold a line feed or half of a surrogate pair"
            )
    return str(uuid.uuid5(EMITTED_NAMESPACE, "".join(f"{value}\n" for value in parts.values())))
