"""Makes an event: validates its data, and writes envelope and message attributes, once and for good."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from ..errors import InvalidEventError
from ..limits import FORBIDDEN_KEYS, MAX_EXTENSION, MAX_HOP, MAX_SUBJECT
from ..names import is_fifo
from .canonical_json import is_well_formed
from .check_json import LONE_SURROGATE, check_json
from .contract import Contract
from .field_path import field_path
from .identity import deduplication_id
from .rfc3339 import to_instant
from .tenant_group import GROUP_ID, tenant_group
from .text import attribute_text_problem, show_value
from .wire_message import WireMessage, json_text

_refused = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Stamp:
    """What an event says of itself besides its data."""

    source: str
    id: str
    time_ms: int
    correlationid: str
    causationid: str
    hop: int
    subject: str | None = None
    partitionkey: str | None = None
    traceparent: str | None = None


def seal_event(contract: Contract, data: Any, stamp: Stamp) -> WireMessage:
    """The same arguments give the same bytes. Raises `InvalidEventError`; its message names the field."""
    _check_stamp(contract, stamp)
    group = _group_of(contract, stamp)
    _check_data(contract, data)
    head: dict[str, Any] = {
        "specversion": "1.0",
        "id": stamp.id,
        "source": stamp.source,
        "type": contract.type,
        "time": to_instant(stamp.time_ms),
        "subject": stamp.subject,
        "datacontenttype": "application/json",
        "dataschema": contract.dataschema,
        "correlationid": stamp.correlationid,
        "causationid": stamp.causationid,
        "partitionkey": stamp.partitionkey,
        "traceparent": stamp.traceparent,
        "hop": stamp.hop,
    }
    body = json_text({**{name: value for name, value in head.items() if value is not None}, "data": data})
    return WireMessage(
        topic=contract.topic,
        id=stamp.id,
        source=stamp.source,
        type=contract.type,
        # SQS refuses two characters that JSON leaves as they are (API_SendMessage); the third, raw, tells that bytes were lost.
        body=body.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff").replace("\ufffd", "\\ufffd"),
        attributes=_attributes(contract, data),
        group_id=group if group is not None else _tenant_of(contract, data, stamp),
        deduplication_id=None if group is None else deduplication_id(stamp.source, stamp.id),
    )


def _check_stamp(contract: Contract, stamp: Stamp) -> None:
    for name, limit in (("subject", MAX_SUBJECT), ("partitionkey", MAX_EXTENSION)):
        value = getattr(stamp, name)
        problem = None if value is None else attribute_text_problem(value, limit)
        if problem:
            raise InvalidEventError("invalid-stamp", f"{contract.key}: {name} {show_value(value)} {problem}; nothing was sent")
    if stamp.hop > MAX_HOP:
        raise InvalidEventError(
            "invalid-stamp", f"{contract.key}: hop {stamp.hop} is over {MAX_HOP}: a longer chain of events is a circle"
        )


def _check_data(contract: Contract, data: Any) -> None:
    plain = _not_json(data, ["data"])
    if plain:
        raise InvalidEventError("not-json", f"{contract.key}: {plain}; nothing was sent")
    unsafe = check_json({"data": data}, LONE_SURROGATE)
    if unsafe:
        raise InvalidEventError("not-json", f"{contract.key}: {unsafe.field}: {unsafe.message}; nothing was sent")
    problem = contract.check(data, ())
    if problem:
        field = field_path(["data", *problem.path])
        raise InvalidEventError("invalid-data", f"{contract.key}: {field}: {problem.message}; nothing was sent")


def _not_json(value: Any, path: list[str | int]) -> str | None:
    """What the wire would change in silence, or could not carry; `None` when there is nothing."""
    if value is None or isinstance(value, (bool, str)):
        return None
    if isinstance(value, float):
        return None if math.isfinite(value) else f"{field_path(path)}: {value} is not JSON"
    if isinstance(value, int):
        exact = abs(value) < 2**1023 and int(float(value)) == value
        return None if exact else f"{field_path(path)}: {show_value(value)[:40]} is more than a number in JSON holds; send it as text"
    if len(path) > 40:
        return f"{field_path(path)}: the data is nested too deep, or holds itself"
    if isinstance(value, dict):
        for key, field in value.items():
            if not isinstance(key, str) or key in FORBIDDEN_KEYS or not is_well_formed(key):
                return f"{field_path(path)}: the key {key!r} is not allowed"
            problem = _not_json(field, [*path, key])
            if problem:
                return problem
        return None
    if isinstance(value, list):
        problems = (_not_json(item, [*path, index]) for index, item in enumerate(value))
        return next((problem for problem in problems if problem), None)
    return f"{field_path(path)}: a {type(value).__name__} is not JSON"


def _group_of(contract: Contract, stamp: Stamp) -> str | None:
    if not is_fifo(contract.topic):
        return None
    if stamp.partitionkey is None or not GROUP_ID.fullmatch(stamp.partitionkey):
        raise InvalidEventError(
            "partitionkey",
            f"{contract.key}: on the ordered topic {contract.topic} partitionkey is the message group, 1 to 128 printable ASCII characters without spaces",
        )
    return stamp.partitionkey


def _tenant_of(contract: Contract, data: Any, stamp: Stamp) -> str | None:
    if contract.tenant is None:
        return None
    said = {"subject": stamp.subject, "partitionkey": stamp.partitionkey}
    given = {name: value for name, value in said.items() if value is not None}
    return tenant_group(
        contract.tenant, {"id": stamp.id, "source": stamp.source, "type": contract.type, **given, "data": data}
    )


def _attributes(contract: Contract, data: Any) -> dict[str, str | int | float]:
    """Its type, and those filterable fields that it has."""
    attributes: dict[str, str | int | float] = {"type": contract.type}
    for field in contract.filterable:
        value = data.get(field) if isinstance(data, dict) else None
        if value is None:
            continue
        if isinstance(value, bool):
            value = "true" if value else "false"
        number = isinstance(value, (int, float)) and (value == 0 or 1e-128 <= abs(value) <= 1e126)
        if not number and not (isinstance(value, str) and value and not _refused.search(value)):
            raise InvalidEventError(
                "invalid-attribute", f"{contract.key}: data.{field} is filterable, and SNS takes no such value: {show_value(value)}"
            )
        attributes[field] = value
    return attributes
