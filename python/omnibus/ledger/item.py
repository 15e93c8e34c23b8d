"""One item of the ledger, out of DynamoDB's form. `schema/ledger-item.schema.json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..contract.wire_message import WireMessage, read_emits


@dataclass(frozen=True)
class LedgerItem:
    """What a claim is judged by. Times in milliseconds."""

    state: str
    owner: str
    lease: int
    attempts: int
    hash: str
    emits: tuple[WireMessage, ...] = ()


def read_item(attributes: Mapping[str, Any] | None) -> LedgerItem | None:
    """An item as DynamoDB hands it out; `None` where there is none."""
    if not attributes or "state" not in attributes:
        return None
    emits = attributes.get("emits", {}).get("S")
    return LedgerItem(
        state=attributes["state"]["S"],
        owner=attributes.get("owner", {}).get("S", ""),
        lease=_number(attributes, "lease"),
        attempts=_number(attributes, "attempts"),
        hash=attributes.get("hash", {}).get("S", ""),
        emits=() if emits is None else read_emits(emits),
    )


def _number(attributes: Mapping[str, Any], name: str) -> int:
    return int(float(attributes.get(name, {}).get("N", "0")))
