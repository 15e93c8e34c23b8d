"""From an envelope to an event that a handler can be given."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import describe_error
from .contract import Contract
from .event_type import version_of
from .field_path import field_path
from .rejection import Envelope, Rejection
from .text import plain_text


@dataclass(frozen=True)
class Event:
    """What a handler receives: the envelope's attributes, and the data after upcasting, as plain JSON values."""

    id: str
    source: str
    type: str
    time: str
    """RFC 3339, when it happened."""
    version: int
    """The contract's, after upcasting."""
    data: Any
    correlationid: str
    subject: str | None
    causationid: str | None
    partitionkey: str | None
    traceparent: str | None
    hop: int
    attributes: Envelope
    """The whole envelope as it came, extensions of others included, without its data."""


def open_envelope(envelope: Envelope, contracts: Sequence[Contract]) -> tuple[Contract, Event] | Rejection:
    """Finds the contract that fits, raises older data to its version, and validates.

    A contract of the event's very version is preferred, else the nearest later one whose `upcast` reaches down to
    it. Never raises. The envelope stays as it arrived, with the data that hashes are made of.
    """
    version = version_of(envelope["dataschema"]) or 0
    same_type = [contract for contract in contracts if contract.type == envelope["type"]]
    if not same_type:
        name = plain_text(envelope["type"], 128)
        return Rejection("unknown-type", "type", f"no contract for {name}; known: {_list(contracts)}")
    contract = _contract_for(version, same_type)
    if contract is None:
        return Rejection(
            "unknown-version",
            "dataschema",
            f"version {version} of {envelope['type']} is not known, and no upcast leads from it; known: {_list(same_type)}; redrive it after an upgrade",
        )
    data = copy.deepcopy(envelope["data"])
    step = version
    try:
        for step in range(version, contract.version):
            data = contract.upcast[step](data)
            if inspect.isawaitable(data):
                if inspect.iscoroutine(data):
                    data.close()
                message = f"{contract.key}: the upcast from version {step} returned an awaitable, and nothing awaits it here: let it return the newer data itself"
                return Rejection("upcast-failed", "data", message)
    except Exception as thrown:
        why = "" if contract.sensitive else f": {describe_error(thrown).message}"
        message = f"{contract.key}: the upcast from version {step} threw{why}"
        return Rejection("upcast-failed", "data", plain_text(message, 300))
    return _validate(contract, envelope, data)


def _validate(contract: Contract, envelope: Envelope, data: Any) -> tuple[Contract, Event] | Rejection:
    problem = contract.check(data, ())
    if problem is None:
        return contract, _event(envelope, contract, data)
    message = plain_text(problem.message, 200)
    if contract.sensitive and (not problem.path or problem.path[0] in contract.sensitive):
        message = "is not valid (the field is sensitive, so no more is said)"
    return Rejection("invalid-data", field_path(["data", *problem.path]), f"{contract.key}: {message}")


def _event(envelope: Envelope, contract: Contract, data: Any) -> Event:
    optional: dict[str, Any] = {name: envelope.get(name) for name in ("subject", "causationid", "partitionkey", "traceparent")}
    required = {name: envelope[name] for name in ("id", "source", "type", "time", "correlationid")}
    return Event(
        **required,
        **optional,
        version=contract.version,
        data=data,
        hop=int(envelope.get("hop", 0)),
        attributes={name: value for name, value in envelope.items() if name != "data"},
    )


def _contract_for(version: int, same_type: Sequence[Contract]) -> Contract | None:
    for contract in same_type:
        if contract.version == version:
            return contract
    reaching = [contract for contract in same_type if version in contract.upcast]
    return min(reaching, key=lambda contract: contract.version, default=None)


def _list(contracts: Sequence[Contract]) -> str:
    return ", ".join(contract.key for contract in contracts[:8]) or "none"
