"""`pattern` is a regular expression of JavaScript; this makes it one of Python."""

from __future__ import annotations

import re

_unlike = re.compile(
    r"(?<!\\)(?:\\\\)*(?:"
    r"\\[AZzpPckNG]"  # escapes of one language only
    r"|\\[0-9]"  # octal or a group, each its own way
    r"|\(\?(?![:=!]|<[=!])"  # groups with names or flags
    r"|[*+?}]\+"  # possessive in Python, an error in JavaScript
    r"|\[\^?\]"  # an empty class in JavaScript, a bracket in Python
    r")"
)


def ecma_pattern(pattern: str) -> re.Pattern[str]:
    """Compiles what both languages read the same way. Raises `ValueError` for what they do not."""
    if _unlike.search(pattern):
        raise ValueError("it uses what Python and JavaScript read differently")
    text, in_class, at = "", False, 0
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            text += pattern[at : at + 2]
            at += 2
            continue
        if character == "[":
            # Inside a class Python reserves the bracket for sets to come.
            text += r"\[" if in_class else "["
            in_class = True
        elif character == "]":
            in_class = False
            text += "]"
        # Python's own $ also matches before a last line feed.
        elif character == "$" and not in_class:
            text += r"\Z"
        else:
            text += character
        at += 1
    try:
        # ASCII, so that \d and \w are JavaScript's.
        return re.compile(text, re.ASCII)
    except re.error as error:
        raise ValueError(str(error)) from error
