"""The order in which JavaScript lists an object's keys: so that both languages name the same problem first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_MAX_INDEX = 2**32 - 2


def ordered_keys(fields: Mapping[str, Any]) -> list[str]:
    """Whole numbers first, by size, then all others as they came. Source: ECMA-262, OrdinaryOwnPropertyKeys."""
    keys = list(fields)
    if not any(key[:1].isdigit() for key in keys):
        return keys
    numbers = [key for key in keys if _is_index(key)]
    return sorted(numbers, key=int) + [key for key in keys if not _is_index(key)]


def _is_index(key: str) -> bool:
    if not (key.isascii() and key.isdigit()) or len(key) > 10:
        return False
    return (key == "0" or key[0] != "0") and int(key) <= _MAX_INDEX
