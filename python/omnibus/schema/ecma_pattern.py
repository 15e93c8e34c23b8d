"""`pattern` is a regular expression of JavaScript; this makes it one of Python."""

from __future__ import annotations

import re

# The same expressions as in lib/python/portable-pattern.ts, where synth looks.
_unlike = re.compile(
    r"(?<!\\)(?:\\\\)*(?:"
    r"\\[0-9ACE-RT-VX-Zaceg-mo-qyz]"  # escapes of one language only, octal numbers, back references
    r"|\\x(?![0-9A-Fa-f]{2})|\\u(?![0-9A-Fa-f]{4})"
    r"|\(\?(?![:=!])"  # groups with names or flags; lookbehinds, which have a fixed width in Python
    r"|[*+?}]\+"  # possessive in Python, an error in JavaScript
    r"|\{,"  # a count in Python, text in JavaScript
    r"|\[\^?\]"  # an empty class in JavaScript, a bracket in Python
    r")"
)
_class = re.compile(r"(?<!\\)(?:\\\\)*(\[(?:\\.|[^\]\\])*\])")
# A range with a class for an end is an error in Python; \B has no meaning there.
_unlike_in_class = re.compile(r"\\[dDwWsS]-[^\]]|[^[^]-\\[dDwWsS]|\\B")
# What JavaScript counts as space beside ASCII's, and as the end of a line.
_spaces = "\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_not_line_end = "[^\n\r\u2028\u2029]"


def ecma_pattern(pattern: str) -> re.Pattern[str]:
    """Compiles what both languages read the same way. Raises `ValueError` for what they do not."""
    if _unlike.search(pattern) or any(_unlike_in_class.search(found) for found in _class.findall(pattern)):
        raise ValueError("it uses what Python and JavaScript read differently")
    text, in_class, at = "", False, 0
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            text += _escape(pattern[at : at + 2], in_class)
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
        elif character == "." and not in_class:
            text += _not_line_end
        else:
            text += character
        at += 1
    try:
        # ASCII, so that \d and \w are JavaScript's.
        return re.compile(text, re.ASCII)
    except re.error as error:
        raise ValueError(str(error)) from error


def _escape(escape: str, in_class: bool) -> str:
    if escape == r"\s":
        return rf"\s{_spaces}" if in_class else rf"[\s{_spaces}]"
    return rf"[^\s{_spaces}]" if escape == r"\S" and not in_class else escape
