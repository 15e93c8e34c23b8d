"""What an event is called, and what it says about the shape of its data."""

from __future__ import annotations

import re

from ..limits import MAX_TYPE

_type = re.compile(r"[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)+")
_version = re.compile(r"[1-9][0-9]{0,8}")
_scheme = "urn:omnibus:"


def is_event_type(text: object) -> bool:
    """Noun and past tense, lower-case words with dots between them: `order.created`."""
    return isinstance(text, str) and len(text) <= MAX_TYPE and _type.fullmatch(text) is not None


def dataschema_of(event_type: str, version: int) -> str:
    """`urn:omnibus:order.created:1`."""
    return f"{_scheme}{event_type}:{version}"


def version_of(dataschema: object) -> int | None:
    """The version in a `dataschema`, or `None` when it is none of ours."""
    if not isinstance(dataschema, str) or not dataschema.startswith(_scheme):
        return None
    digits = dataschema.rpartition(":")[2]
    return int(digits) if _version.fullmatch(digits) else None
