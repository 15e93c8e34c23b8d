"""JSON nested deeper than Python's own reader goes: only hostile senders make it, and it needs a reason too."""

from __future__ import annotations

import re
from collections.abc import Callable
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

_space = re.compile(r"[ \t\n\r]*")
_number = re.compile(r"(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_literals = {"true": True, "false": False, "null": None}


def parse_deep(text: str, read_integer: Callable[[str], int | float]) -> Any:
    """The value of a JSON text, read without recursion. Raises `ValueError` for what is not JSON."""
    at = _skip(text, 0)
    roots: list[Any] = []
    holders: list[list[Any] | dict[str, Any]] = []
    keys: list[str] = []

    def put(value: Any) -> None:
        holder = holders[-1] if holders else roots
        if isinstance(holder, list):
            holder.append(value)
        else:
            holder[keys[-1]] = value

    while True:
        opened = text[at : at + 1]
        if opened and opened in "[{":
            made: list[Any] | dict[str, Any] = [] if opened == "[" else {}
            put(made)
            at = _skip(text, at + 1)
            if not text.startswith("]" if opened == "[" else "}", at):
                holders.append(made)
                key, at = _key(text, at) if opened == "{" else ("", at)
                keys.append(key)
                continue
            at += 1
        else:
            value, at = _scalar(text, at, read_integer)
            put(value)
        while True:
            at = _skip(text, at)
            if not holders:
                if at != len(text):
                    raise ValueError(f"more text at {at}")
                return roots[0]
            in_list = isinstance(holders[-1], list)
            if text.startswith(",", at):
                at = _skip(text, at + 1)
                if not in_list:
                    keys[-1], at = _key(text, at)
                break
            if not text.startswith("]" if in_list else "}", at):
                raise ValueError(f"a comma or an end is missing at {at}")
            holders.pop()
            keys.pop()
            at += 1


def _skip(text: str, at: int) -> int:
    match = _space.match(text, at)
    return match.end() if match else at


def _key(text: str, at: int) -> tuple[str, int]:
    if not text.startswith('"', at):
        raise ValueError(f"a key is missing at {at}")
    key, at = scanstring(text, at + 1, True)
    at = _skip(text, at)
    if not text.startswith(":", at):
        raise ValueError(f"a colon is missing at {at}")
    return key, _skip(text, at + 1)


def _scalar(text: str, at: int, read_integer: Callable[[str], int | float]) -> tuple[Any, int]:
    if text.startswith('"', at):
        read: tuple[str, int] = scanstring(text, at + 1, True)
        return read
    for word, value in _literals.items():
        if text.startswith(word, at):
            return value, at + len(word)
    match = _number.match(text, at)
    if match is None:
        raise ValueError(f"a value is missing at {at}")
    whole, fraction, exponent = match.groups()
    if fraction or exponent:
        return float(match.group()), match.end()
    return read_integer(whole), match.end()
