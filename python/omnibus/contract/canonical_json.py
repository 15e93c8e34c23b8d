"""The one JSON text of a value, equal in every language. Source: RFC 8785."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ..errors import InvalidEventError
from .es_number import es_number

_MAX_DEPTH = 100
_encode = json.JSONEncoder(ensure_ascii=False).encode


def canonical_json(value: Any) -> str:
    """Keys in the order of their UTF-16 code units, numbers as ECMAScript writes them, no white space.

    Takes what `parse_json` gives. Raises `InvalidEventError` (`not-json`) for anything else.
    """
    return _write(value, 0)


def data_hash(data: Any) -> str:
    """SHA-256, in hex, of the data's canonical JSON in UTF-8. Give it the data as it is on the wire."""
    return hashlib.sha256(canonical_json(data).encode()).hexdigest()


def _write(value: Any, depth: int) -> str:
    if isinstance(value, str):
        return _quote(value)
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, (int, float)):
        return es_number(value)
    if depth == _MAX_DEPTH:
        raise InvalidEventError("not-json", f"nesting deeper than {_MAX_DEPTH}")
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(_write(item, depth + 1) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(_fields(value, depth)) + "}"
    raise InvalidEventError("not-json", f"a {type(value).__name__} is not JSON; give what json.loads would give")


def _fields(value: dict[str, Any], depth: int) -> list[str]:
    return [f"{_quote(key)}:{_write(value[key], depth + 1)}" for key in sorted(value, key=_code_units)]


def _code_units(key: str) -> bytes:
    if not isinstance(key, str):
        raise InvalidEventError("not-json", f"the key {key!r} is no text")
    return key.encode("utf-16-be", "surrogatepass")


def _quote(text: str) -> str:
    if not is_well_formed(text):
        raise InvalidEventError("not-json", "half of a surrogate pair is not JSON")
    return _encode(text)


def is_well_formed(text: str) -> bool:
    """Whether every surrogate in it has its other half (which Python then holds as one character)."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
