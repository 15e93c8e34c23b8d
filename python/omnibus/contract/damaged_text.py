"""Text of which bytes were lost on the way."""

from __future__ import annotations

from collections.abc import Sequence

_REPLACEMENT = "\ufffd"
"""What a reader puts where it meets bytes that are no UTF-8: the character that stood there is lost."""
_MARK = "\udc00\udc00"
"""Lower halves of surrogate pairs, which a well-formed text lacks; two, since an escaped upper half may stand before."""

DAMAGED_TEXT = (
    "holds U+FFFD: the sender's bytes were not UTF-8, and a character is lost (whoever means this one writes it \\ufffd)"
)


def is_damaged(json_text: str) -> bool:
    """Whether bytes were lost on the way of this JSON text. Who means U+FFFD itself writes it as an escape."""
    return _REPLACEMENT in json_text


def mark_damage(json_text: str) -> str:
    """The damaged places of a well-formed text as what `check_json` finds, also when an escape stands beside them."""
    return json_text.replace(_REPLACEMENT, _MARK)


def unmark_path(path: Sequence[str | int]) -> list[str | int]:
    """A path in marked JSON as it is in the text that came."""
    return [key.replace(_MARK, _REPLACEMENT) if isinstance(key, str) else key for key in path]
