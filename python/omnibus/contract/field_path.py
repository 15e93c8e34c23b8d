"""A place in a message, as a reader would write it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from .text import plain_text

_word = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]{0,59}")
_MAX_SEGMENTS = 40
_MAX_KEY = 60

Path = Sequence["str | int"]


def field_path(path: Path) -> str:
    """`data.items[3].price`; a key that is no plain word is quoted."""
    text = ""
    for key in path[:_MAX_SEGMENTS]:
        if isinstance(key, int):
            text += f"[{key}]"
        elif _word.fullmatch(key):
            text += f".{key}" if text else key
        else:
            text += f"[{plain_text(json.dumps(key[:_MAX_KEY], ensure_ascii=False), _MAX_KEY * 6 + 3)}]"
    return f"{text}…" if len(path) > _MAX_SEGMENTS else text
