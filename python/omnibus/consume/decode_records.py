"""Step 1: every record becomes one delivery per event in it."""

from __future__ import annotations

from collections.abc import Sequence

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
from .omnibus_attribute import replay_id_of
from .outcome import dead


def decode_records(records: Sequence[Record], contracts: Sequence[Contract], consumer: str) -> list[Delivery]:
    """What cannot be read, and what no contract fits, is dead with the reason; nothing that arrives makes this raise.

    An event that repeats inside the batch follows its first delivery.
    """
    deliveries: list[Delivery] = []
    firsts: dict[str, Delivery] = {}
    for record in records:
        replay_id = replay_id_of(record)
        decoded = decode_message(record["body"])
        for index, one in enumerate(decoded):
            alone = len(decoded) == 1 or isinstance(one, Rejection)
            body = record["body"] if alone else json_text(one)
            read = _read(one, contracts, consumer, replay_id)
            delivery = _delivery(record, body, read, replay_id)
            delivery.index, delivery.packed = index, len(decoded) > 1
            if delivery.readable:
                first = firsts.setdefault(delivery.readable.ledger.key, delivery)
                delivery.follows = None if first is delivery else first
            deliveries.append(delivery)
    return deliveries


def _read(
    decoded: Decoded, contracts: Sequence[Contract], consumer: str, replay_id: str | None
) -> Readable | Rejection:
    opened = decoded if isinstance(decoded, Rejection) else open_envelope(decoded, contracts)
    if isinstance(opened, Rejection) or isinstance(decoded, Rejection):
        return opened  # type: ignore[return-value]
    contract, event = opened
    ledger = LedgerEvent(
        key=ledger_key(consumer, event.source, event.id, replay_id),
        consumer=consumer,
        source=event.source,
        id=event.id,
        type=event.type,
        time=event.time,
        hash=data_hash(decoded["data"]),
    )
    return Readable(contract, event, ledger)


def _delivery(record: Record, body: str, read: Readable | Rejection, replay_id: str | None) -> Delivery:
    attributes = record["attributes"]
    receives = int(attributes.get("ApproximateReceiveCount", 1))
    rejection = read if isinstance(read, Rejection) else None
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
        outcome=dead(rejection.code, Cause("Rejected", _reason(rejection))) if rejection else None,
    )


def _reason(rejection: Rejection) -> str:
    """The reason names the field, wherever in the message it is."""
    if rejection.field == "" or rejection.message.startswith(f"{rejection.field} "):
        return rejection.message
    return f"{rejection.field}: {rejection.message}"
