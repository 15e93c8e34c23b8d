"""The rules of an envelope's attributes: CloudEvents 1.0, and ours."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..limits import MAX_EXTENSION, MAX_HOP, MAX_ID, MAX_REF, MAX_SOURCE, MAX_SUBJECT, MAX_TYPE
from .event_type import dataschema_of, is_event_type, version_of
from .key_order import ordered_keys
from .rejection import Envelope
from .rfc3339 import is_rfc3339
from .text import attribute_text_problem, has_forbidden_character, show_value, utf16_length

_required = ("specversion", "id", "source", "type", "time", "dataschema")
_content_type = re.compile(r'application/json(?: ?; ?charset="?utf-8"?)?', re.IGNORECASE | re.ASCII)
_sha256 = re.compile(r"[0-9a-f]{64}")
_extension = re.compile(r"[a-z0-9]{1,128}")

_Rule = Callable[[Any], "str | None"]


def is_integer(value: Any) -> bool:
    """Whether JavaScript would call it an integer: `1.0` is one, `True` is none."""
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer())


def _text(max_length: int) -> _Rule:
    return lambda value: attribute_text_problem(value, max_length)


def _fits(test: Callable[[Any], bool], otherwise: str) -> _Rule:
    return lambda value: None if test(value) else otherwise


_rules: dict[str, _Rule] = {
    "specversion": _fits(lambda value: value == "1.0", 'must be "1.0"'),
    "id": _text(MAX_ID),
    "source": _text(MAX_SOURCE),
    "type": _fits(
        is_event_type, f"must be lower-case words with dots between them, at most {MAX_TYPE} characters"
    ),
    "time": _fits(
        lambda value: isinstance(value, str) and is_rfc3339(value),
        'must be an RFC 3339 instant on a day that exists, as in "2026-01-31T12:00:00Z"',
    ),
    "subject": _text(MAX_SUBJECT),
    "datacontenttype": _fits(
        lambda value: isinstance(value, str) and len(value) <= 64 and _content_type.fullmatch(value) is not None,
        'must be "application/json"',
    ),
    "dataschema": _fits(lambda value: version_of(value) is not None, 'must be "urn:omnibus:<type>:<version>"'),
    "correlationid": _text(MAX_EXTENSION),
    "causationid": _text(MAX_EXTENSION),
    "partitionkey": _text(MAX_EXTENSION),
    "traceparent": _text(MAX_EXTENSION),
    "hop": _fits(
        lambda value: is_integer(value) and 0 <= value <= MAX_HOP, f"must be an integer from 0 to {MAX_HOP}"
    ),
    "data_base64": lambda _: "is not supported: send JSON in `data`",
}


def complete_envelope(envelope: Envelope) -> tuple[str, str] | None:
    """Checks an envelope and completes it in place; the field and its problem when there is one.

    An attribute that is null counts as left out (CloudEvents JSON format, 2.2).
    """
    for name in _required:
        if envelope.get(name) is None:
            return name, "is missing"
    for name in ordered_keys(envelope):
        if name == "data":
            continue
        value = envelope[name]
        if value is None:
            del envelope[name]
            continue
        rule = _rules.get(name)
        message = rule(value) if rule else _extension_problem(name, value)
        if message:
            return name, f"{message}, not {show_value(value)}"
    if "data" not in envelope:
        problem = _claim_problem(envelope)
        if problem:
            return problem
    event_type, dataschema = envelope["type"], envelope["dataschema"]
    if dataschema != dataschema_of(event_type, version_of(dataschema) or 0):
        expected = f"urn:omnibus:{event_type}:<version>"
        return "dataschema", f'must name the event\'s type, "{expected}", not {show_value(dataschema)}'
    envelope["datacontenttype"] = "application/json"
    envelope.setdefault("correlationid", envelope["id"])
    return None


def _claim_problem(envelope: Envelope) -> tuple[str, str] | None:
    """What keeps an envelope without data from naming where it lies."""
    ref, size, digest = (envelope.get(name) for name in ("dataref", "datarefbytes", "datarefhash"))
    if ref is None:
        return "data", "is missing"
    if not isinstance(ref, str) or not 1 <= utf16_length(ref) <= MAX_REF:
        what = f"must be a reference of 1 to {MAX_REF} characters, where there is no data"
        return "dataref", f"{what}, not {show_value(ref)}"
    if not is_integer(size) or size < 1:
        return "datarefbytes", f"must be the length of what dataref names, in bytes, not {show_value(size)}"
    if not isinstance(digest, str) or not _sha256.fullmatch(digest):
        return "datarefhash", f"must be the SHA-256 of what dataref names, in hex, not {show_value(digest)}"
    return None


def _extension_problem(name: str, value: Any) -> str | None:
    """Extensions that we do not know are kept as they are, if CloudEvents allows them."""
    if not _extension.fullmatch(name):
        return "extension attributes have lower-case letters and digits as names"
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        in_range = is_integer(value) and -(2**31) <= value < 2**31
        return None if in_range else "must be a 32-bit integer"
    if not isinstance(value, str):
        return "must be a string, a boolean or an integer"
    return "must not hold control characters" if has_forbidden_character(value) else None
