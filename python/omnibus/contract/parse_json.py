"""JSON text read as JavaScript reads it, so that both languages see the same event."""

from __future__ import annotations

import json
from typing import Any

from .es_number import MAX_SAFE_INTEGER
from .parse_deep import parse_deep


def read_integer(digits: str) -> int | float:
    """An integer that a double cannot hold for sure becomes the double that JavaScript would read."""
    if len(digits) < 16:
        return int(digits)
    value = float(digits)
    return int(value) if -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER else value


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


_decoder = json.JSONDecoder(parse_int=read_integer, parse_constant=_refuse)


def parse_json(text: str) -> Any:
    """The value of a JSON text. Raises `ValueError` for what is not JSON, however deep it is nested."""
    try:
        return _decoder.decode(text)
    except RecursionError:
        return parse_deep(text, read_integer)
