"""Step 1: every record becomes one delivery per event in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..contract.canonical_json import data_hash
from ..contract.contract import Contract
from ..contract.decode_message import decode_message
from ..contract.identity import ledger_key
from ..contract.open_envelope import open_envelope
from ..contract.rejection import Decoded, Rejection
from ..contract.wire_message import json_text
from ..errors import Cause
from ..ledger.ports import LedgerEvent
from .delivery import Delivery, Readable, Record
from .omnibus_attribute import is_shadow, replay_id_of
from .outcome import Outcome, dead


def decode_records(records: Sequence[Record], contracts: Sequence[Contract], consumer: str) -> list[Delivery]:
    """What cannot be read, and what no contract fits, is dead with the reason; nothing that arrives makes this raise.

    An event that repeats inside the batch follows its first delivery. What a replay has sent that shall have no effects is
    acknowledged unrun: nobody could keep a handler from what it does.
    """
    deliveries: list[Delivery] = []
    firsts: dict[str, Delivery] = {}
    unfits: dict[str, Delivery] = {}
    for record in records:
        replay_id = replay_id_of(record)
        decoded = decode_message(record["body"])
        for index, one in enumerate(decoded):
            alone = len(decoded) == 1 or isinstance(one, Rejection)
            body = record["body"] if alone else json_text(one)
            ledger = None if isinstance(one, Rejection) else _ledger_event(one, consumer, replay_id)
            read = _read(one, contracts, ledger)
            delivery = _delivery(record, body, read, replay_id)
            delivery.index, delivery.packed = index, len(decoded) > 1
            deliveries.append(delivery)
            if ledger is None:
                continue
            if delivery.readable:
                first = firsts.setdefault(ledger.key, delivery)
                delivery.follows = None if first is delivery else first
                if ledger.key in unfits:
                    unfits[ledger.key].unfit = None
            elif ledger.key not in firsts and ledger.key not in unfits:
                # The ledger takes a key once in a call.
                delivery.unfit = ledger
                unfits[ledger.key] = delivery
    return deliveries


def _read(decoded: Decoded, contracts: Sequence[Contract], ledger: LedgerEvent | None) -> Readable | Rejection:
    if isinstance(decoded, Rejection) or ledger is None:
        return decoded  # type: ignore[return-value]
    if "data" not in decoded:
        return Rejection(
            "claim-unsupported",
            "dataref",
            "its data lies in S3, since it was too large for a message, and handlers in Python do not read it there; "
            "handle it in TypeScript, and redrive it",
        )
    opened = open_envelope(decoded, contracts)
    return opened if isinstance(opened, Rejection) else Readable(*opened, ledger)


def _ledger_event(envelope: Mapping[str, Any], consumer: str, replay_id: str | None) -> LedgerEvent:
    """Before an upcast can lay hands on the data: the hash is of what came."""
    source, id = envelope["source"], envelope["id"]
    return LedgerEvent(
        key=ledger_key(consumer, source, id, replay_id),
        consumer=consumer,
        source=source,
        id=id,
        type=envelope["type"],
        time=envelope["time"],
        hash=data_hash(envelope["data"]) if "data" in envelope else envelope["datarefhash"],
        replay=replay_id,
    )


def _delivery(record: Record, body: str, read: Readable | Rejection, replay_id: str | None) -> Delivery:
    attributes = record["attributes"]
    receives = int(attributes.get("ApproximateReceiveCount", 1))
    rejection = read if isinstance(read, Rejection) else None
    outcome = dead(rejection.code, Cause("Rejected", _reason(rejection))) if rejection else None
    return Delivery(
        record=record,
        receives=receives,
        group=attributes.get("MessageGroupId") if record["eventSourceARN"].endswith(".fifo") else None,
        replay_id=replay_id,
        index=0,
        packed=False,
        body=body,
        readable=None if isinstance(read, Rejection) else read,
        attempt=receives,
        outcome=Outcome("handled") if is_shadow(replay_id) else outcome,
    )


def _reason(rejection: Rejection) -> str:
    """The reason names the field, wherever in the message it is."""
    if rejection.field == "" or rejection.message.startswith(f"{rejection.field} "):
        return rejection.message
    return f"{rejection.field}: {rejection.message}"
