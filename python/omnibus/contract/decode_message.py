"""Reads the events out of a message body."""

from __future__ import annotations

import re
from typing import Any

from ..limits import MAX_BATCH_EVENTS, MAX_MESSAGE_BYTES
from .canonical_json import is_well_formed
from .check_envelope import complete_envelope
from .check_json import LONE_SURROGATE, check_json
from .damaged_text import DAMAGED_TEXT, is_damaged, mark_damage
from .field_path import field_path
from .parse_json import parse_json
from .rejection import Decoded, Rejection
from .text import show_value

_surrogate_escape = re.compile(r"\\u[dD][89a-fA-F]")


def decode_message(body: str | bytes, *, max_bytes: int = MAX_MESSAGE_BYTES) -> list[Decoded]:
    """One CloudEvents envelope, a CloudEvents batch (an array), or either of them wrapped by SNS.

    Always at least one `Decoded`, in the order of the message, each event judged for itself. Never raises.
    Data is checked to be safe JSON, not against its contract.
    """
    return _decode(body, max_bytes, "")


def _decode(body: str | bytes, max_bytes: int, wrapper: str) -> list[Decoded]:
    text = _read_body(body, max_bytes)
    if isinstance(text, Rejection):
        return [Rejection(text.code, wrapper, text.message)]
    try:
        value = parse_json(text)
    except ValueError:
        return [Rejection("bad-json", wrapper, f"the message is not JSON: it begins with {show_value(text)}")]
    wrapped = _wrapped_message(value)
    if wrapped is not None:
        if wrapper == "":
            return _decode(wrapped, max_bytes, "Message")
        twice = "the message is wrapped by SNS twice; use raw message delivery"
        return [Rejection("bad-envelope", wrapper, twice)]
    ill_formed = LONE_SURROGATE if _surrogate_escape.search(text) else None
    if is_damaged(text):
        # Read once more, so that what was lost is told from what was escaped: of a batch only the damaged events die.
        value, ill_formed = parse_json(mark_damage(text)), DAMAGED_TEXT
    if not isinstance(value, list):
        return [_decode_event(value, ill_formed, "")]
    if not value:
        return [Rejection("bad-envelope", wrapper, "the batch is empty")]
    if len(value) > MAX_BATCH_EVENTS:
        count = f"{len(value)} events in one message; {MAX_BATCH_EVENTS} are allowed"
        return [Rejection("bad-envelope", wrapper, count)]
    return [_decode_event(event, ill_formed, f"[{index}]") for index, event in enumerate(value)]


def _decode_event(value: Any, ill_formed: str | None, at: str) -> Decoded:
    """`at` is the event's place in its batch, empty when it stands alone."""
    unsafe = check_json(value, ill_formed)
    if unsafe:
        return Rejection(unsafe.code, _join(at, unsafe.field), unsafe.message)
    if not isinstance(value, dict):
        return Rejection("bad-envelope", at, f"an event must be a JSON object, not {show_value(value)}")
    problem = complete_envelope(value)
    if problem:
        field = field_path([problem[0]])
        return Rejection("bad-envelope", _join(at, field), f"{field} {problem[1]}")
    return value


def _read_body(body: str | bytes, max_bytes: int) -> str | Rejection:
    if isinstance(body, bytes):
        if len(body) > max_bytes:
            return _too_large(len(body), max_bytes)
        try:
            return body.decode("utf-8-sig")
        except UnicodeDecodeError:
            return Rejection("bad-encoding", "", "the message is not UTF-8")
    # No character takes more than 4 bytes, so most bodies need not be measured.
    if len(body) * 4 > max_bytes:
        size = len(body.encode("utf-8", "surrogatepass"))
        if size > max_bytes:
            return _too_large(size, max_bytes)
    if is_well_formed(body):
        return body
    return Rejection("bad-encoding", "", "the message holds half of a surrogate pair")


def _too_large(size: int, max_bytes: int) -> Rejection:
    return Rejection("too-large", "", f"the message has {size} bytes; {max_bytes} are allowed")


def _wrapped_message(value: Any) -> str | None:
    """The body inside a notification, as SNS sends it when raw delivery is off. (sns-message-and-json-formats)"""
    if not isinstance(value, dict) or value.get("Type") != "Notification" or "specversion" in value:
        return None
    message = value.get("Message")
    return message if isinstance(message, str) else None


def _join(at: str, field: str) -> str:
    return f"{at}.{field}" if at and field and not field.startswith("[") else at + field
