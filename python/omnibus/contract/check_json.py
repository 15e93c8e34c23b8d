"""What no event may hold, whatever its contract says."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from ..limits import FORBIDDEN_KEYS, MAX_DEPTH, MAX_KEYS
from .canonical_json import is_well_formed
from .damaged_text import DAMAGED_TEXT, unmark_path
from .field_path import field_path
from .key_order import ordered_keys
from .rejection import Rejection



@dataclass
class _Level:
    container: Any
    keys: list[str] | range
    next: int = 0


LONE_SURROGATE = "half of a surrogate pair stands alone; text must be Unicode"


def check_json(root: Any, ill_formed: str | None) -> Rejection | None:
    """Walks a value once and names the first problem: depth, number of keys, forbidden keys, numbers, text.

    `ill_formed` is what to say of text that is no Unicode, and `None` when there can be none: strings are then not
    looked at.
    """
    levels: list[_Level] = []
    key_count = 0

    def refuse(code: str, message: str, *last: str) -> Rejection:
        path = [level.keys[level.next - 1] for level in levels] + list(last)
        return Rejection(code, field_path(unmark_path(path) if ill_formed == DAMAGED_TEXT else path), message)

    def enter(value: Any) -> Rejection | None:
        nonlocal key_count
        if len(levels) == MAX_DEPTH:
            return refuse("too-deep", f"nested deeper than {MAX_DEPTH}; flatten the data")
        if isinstance(value, list):
            levels.append(_Level(value, range(len(value))))
            return None
        key_count += len(value)
        if key_count > MAX_KEYS:
            return refuse("too-many-keys", f"more than {MAX_KEYS} keys; put a list where keys are data")
        keys = ordered_keys(value)
        for key in keys:
            if key in FORBIDDEN_KEYS:
                return refuse("forbidden-key", f'the key "{key}" is not allowed', key)
            if ill_formed and not is_well_formed(key):
                return refuse("bad-encoding", ill_formed, key)
        levels.append(_Level(value, keys))
        return None

    def check(value: Any) -> Rejection | None:
        if isinstance(value, (dict, list)):
            return enter(value)
        if isinstance(value, float) and not math.isfinite(value):
            return refuse("bad-json", "the number is out of range")
        if ill_formed and isinstance(value, str) and not is_well_formed(value):
            return refuse("bad-encoding", ill_formed)
        return None

    found = check(root)
    while found is None and levels:
        level = levels[-1]
        if level.next == len(level.keys):
            levels.pop()
            continue
        key = level.keys[level.next]
        level.next += 1
        found = check(level.container[key])
    return found
