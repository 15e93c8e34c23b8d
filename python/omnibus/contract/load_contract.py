"""A contract that was declared in the stack: its schema lies in the function's bundle."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import ContractError
from .contract import Contract, Upcast, define_event
from .tenant_group import Tenant

VARIABLE = "OMNIBUS_CONTRACTS"
FILE = "omnibus_contracts.json"


def load_contract(
    event_type: str,
    *,
    version: int | None = None,
    upcast: Mapping[int, Upcast] | None = None,
    tenant: Tenant | None = None,
) -> Contract:
    """The contract of this type in `on` or `emits` of the Consumer construct, with the schema that it had at synth.

    `version` is needed where the consumer has several of one type, `tenant` where the stack's is a function. Read from `omnibus_contracts.json` beside the
    module `omnibus`, or from the file that the variable `OMNIBUS_CONTRACTS` names, as tests do. Raises `ContractError`.

        order_created = load_contract("order.created")
    """
    contracts = _read()
    found = [
        given
        for given in contracts.values()
        if given["type"] == event_type and version in (None, given["version"])
    ]
    if len(found) == 1:
        given = found[0]
        return define_event(
            given["type"],
            version=given["version"],
            topic=given["topic"],
            schema=given["schema"],
            filterable=given["filterable"],
            sensitive=given["sensitive"],
            upcast=upcast,
            tenant=given.get("tenant") if tenant is None else tenant,
        )
    wanted = event_type if version is None else f"{event_type}:{version}"
    there = ", ".join(contracts) or "none"
    if found:
        raise ContractError("contract-version", f"the consumer has several versions of {wanted} ({there}): say which, by version=")
    raise ContractError(
        "contract-unknown", f"the consumer has no contract {wanted}; it has {there}: name it in `on` or `emits` of the Consumer"
    )


def _read() -> dict[str, Any]:
    path = Path(os.environ.get(VARIABLE) or Path(__file__).parents[2] / FILE)
    try:
        value = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ContractError(
            "contracts-missing",
            f"there is no {path}: the Consumer construct writes it into the function's code; elsewhere name it in {VARIABLE}, or use define_event",
        ) from error
    if value.get("v") != 1:
        raise ContractError("contracts-version", f"{path} has a format that this version does not know (1 is known)")
    contracts: dict[str, Any] = value["contracts"]
    return contracts
