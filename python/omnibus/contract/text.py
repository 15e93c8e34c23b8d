"""Texts: how long they are, what none may hold, and how a message shows them."""

from __future__ import annotations

import json
import re
from typing import Any

_noncharacters = "".join(chr(plane * 0x10000 + low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
_forbidden = re.compile(f"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_noncharacters}]")
_unsafe = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
_SHOWN = 60


def utf16_length(text: str) -> int:
    """In UTF-16 code units, as JavaScript counts."""
    return len(text) if text.isascii() else len(text) + sum(1 for character in text if character > "\uffff")


def has_forbidden_character(text: str) -> bool:
    """Whether it holds what no CloudEvents string may. (CloudEvents 1.0.2, type system)"""
    return _forbidden.search(text) is not None


def attribute_text_problem(value: Any, max_length: int) -> str | None:
    """What keeps `value` from being a CloudEvents string of 1 to `max_length` code units."""
    if not isinstance(value, str):
        return "must be a string"
    if value == "":
        return "must not be empty"
    if utf16_length(value) > max_length:
        return f"must not be longer than {max_length} characters"
    if has_forbidden_character(value):
        return "must not hold control characters, noncharacters or half a surrogate pair"
    return None


def plain_text(text: str, max_length: int) -> str:
    """Someone else's text, cut, with every character escaped that a terminal would obey or SQS refuse."""
    cut = f"{text[:max_length]}…" if len(text) > max_length else text
    return _unsafe.sub(lambda found: f"\\u{ord(found.group()):04x}", cut)


def show_value(value: Any) -> str:
    """A value, short and harmless enough for a message."""
    if isinstance(value, str):
        cut = f"{value[:_SHOWN]}…" if len(value) > _SHOWN else value
        return plain_text(json.dumps(cut, ensure_ascii=False), _SHOWN * 6 + 3)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "an array"
    return "an object" if isinstance(value, dict) else str(value)
