"""Runs the vectors that all languages share: `test/vectors/*.json`."""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from omnibus import ContractError
from omnibus.backoff import backoff_ms
from omnibus.clock import system_clock
from omnibus.contract.canonical_json import canonical_json, data_hash
from omnibus.contract.contract import Contract, define_event
from omnibus.contract.decode_message import decode_message
from omnibus.contract.identity import deduplication_id, emitted_id, ledger_key
from omnibus.contract.open_envelope import open_envelope
from omnibus.contract.parse_json import parse_json
from omnibus.contract.rejection import Decoded, Rejection
from omnibus.contract.tenant_group import tenant_group
from omnibus.contract.wire_message import WireMessage, read_emits
from omnibus.ledger.item import LedgerItem
from omnibus.ledger.judge_claim import judge_claim
from omnibus.ledger.ports import ClaimRequest, ClaimResult, ClaimTerms, Ending, LedgerEvent, RecordRequest
from omnibus.ledger.statements import Statements
from omnibus.outbox import outbox_row, outbox_step
from omnibus.schema import compile_schema

FOLDER = Path(__file__).parents[2] / "test" / "vectors"

Case = dict[str, Any]


def load(name: str) -> dict[str, Any]:
    """One file of vectors."""
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return loaded


def failures(name: str, vectors: dict[str, Any]) -> list[str]:
    """The cases that Python does not agree with."""
    fields, actual_of = RUNNERS[name]
    failed = []
    for at, case in enumerate(vectors["cases"]):
        expected, actual = [case[field] for field in fields], actual_of(case, vectors)
        if expected != actual:
            failed.append(f"{name}[{at}] {case.get('name', '')}: expected {expected!r}, got {actual!r}")
    return failed


def _texts(case: Case, _: Case) -> Any:
    value = parse_json(case["json"])
    return [canonical_json(value), data_hash(value)]


def _emitted(case: Case, _: Case) -> list[str]:
    made = emitted_id(
        consumer=case["consumer"],
        source=case["source"],
        event_id=case["id"],
        replay_id=case.get("replayId", ""),
        key=case["key"],
    )
    return [made]


def _body(case: Case) -> str | bytes:
    if "base64" in case:
        return base64.b64decode(case["base64"])
    return case["body"] if "body" in case else "".join(text * times for text, times in case["parts"])


def _envelope(case: Case, vectors: Case) -> list[Any]:
    given = vectors["contract"]
    contract = define_event(
        given["type"], version=given["version"], topic=given["topic"], schema=given["schema"]
    )
    decoded = decode_message(_body(case))
    expected = [*case["expect"], *[{}] * len(decoded)]
    return [[_read(one, contract, "decodedOnly" in wanted) for one, wanted in zip(decoded, expected)]]


def _read(one: Decoded, contract: Contract, decoded_only: bool) -> Any:
    opened = one if isinstance(one, Rejection) or decoded_only else open_envelope(one, [contract])
    if isinstance(opened, Rejection):
        return {"code": opened.code, "field": opened.field}
    assert not isinstance(one, Rejection)
    said = {name: one[name] for name in ("id", "source", "type", "correlationid")}
    only = {"decodedOnly": True} if decoded_only else {}
    return {"ok": True, **said, "dataHash": data_hash(one["data"]), **only}


def _judged(case: Case, vectors: Case) -> list[Case]:
    given = case["item"]
    item = None
    if given is not None:
        fields = {name: given[name] for name in ("state", "owner", "lease", "attempts", "hash")}
        item = LedgerItem(**fields, emits=read_emits(json.dumps(given.get("emits", []))))
    terms = ClaimTerms(vectors["owner"], vectors["nowMs"] + 5_000)
    return [_result(judge_claim(item, vectors["hash"], terms, vectors["nowMs"]))]


def _result(result: ClaimResult) -> Case:
    shown: Case = {"status": result.status}
    if result.status == "claimed":
        shown |= {"attempts": result.attempts, "takenOver": result.taken_over}
    if result.status == "done":
        shown["emits"] = [message.to_json() for message in result.emits]
    if result.status == "held":
        shown["leaseEndsMs"] = result.lease_ends_ms
    return shown


def _statement(case: Case, vectors: Case) -> list[Case]:
    return [_made(case, vectors)]


def _made(case: Case, vectors: Case) -> Case:
    statements, given, call = Statements(vectors["table"]), case["arguments"], case["call"]
    if call in ("sent", "read"):
        return getattr(statements, call)(given["key"])
    expires, now_ms = given["expires"], given.get("nowMs", 0)
    if call == "end":
        return statements.end(_ending(given["ending"]), given["owner"], expires, now_ms)
    event = LedgerEvent(**given["event"])
    if call in ("claim", "takeOver", "redrive"):
        terms = ClaimTerms(given["terms"]["owner"], given["terms"]["leaseEndsMs"])
        request = ClaimRequest(event, redelivered=call != "claim")
        if call == "claim":
            return statements.claim(request, terms, expires)
        if call == "redrive":
            return statements.redrive(request, terms, expires)
        return statements.take_over(request, terms, expires, now_ms)
    record = RecordRequest(event, given["attempts"], _ending(given["ending"]))
    write = statements.record if call == "record" else statements.record_over
    return write(record, expires, now_ms)


def _ending(given: Case) -> Ending:
    emits: tuple[WireMessage, ...] = read_emits(json.dumps(given.get("emits", [])))
    return Ending(given["key"], given["to"], emits, given.get("reason", ""), given.get("started", True))


def _backoff(case: Case, _: Case) -> list[int]:
    clock = dataclasses.replace(system_clock, random=lambda: case["random"])
    return [backoff_ms(clock, case["attempt"], case["firstDelayMs"], case["maxDelayMs"])]


def _outbox(case: Case, _: Case) -> list[Any]:
    (message,) = read_emits(json.dumps([case["message"]]))
    prefix = case.get("prefix", "")
    if "order" not in case:
        return [outbox_row(message, created_ms=case["createdMs"], prefix=prefix), None]
    key, sequence = case["order"]["key"], case["order"]["sequence"]
    item = outbox_row(message, created_ms=case["createdMs"], prefix=prefix, order=(key, sequence))
    update = outbox_step(key, sequence, table="shop-outbox", prefix=prefix)["Update"]
    step = {
        "key": update["Key"],
        "condition": update["ConditionExpression"],
        "values": update["ExpressionAttributeValues"],
    }
    return [item, step]


def _subset(case: Case, _: Case) -> list[str | None]:
    try:
        compile_schema(case["schema"])
    except ContractError as error:
        return [error.message.split(": ")[0]]
    return [None]


RUNNERS: dict[str, tuple[tuple[str, ...], Callable[[Case, Case], Any]]] = {
    "backoff": (("delayMs",), _backoff),
    "canonical-json": (("canonical", "dataHash"), _texts),
    "data-hash": (("canonical", "dataHash"), _texts),
    "deduplication-id": (("deduplicationId",), lambda case, _: [deduplication_id(case["source"], case["id"])]),
    "emitted-id": (("emittedId",), _emitted),
    "envelopes": (("expect",), _envelope),
    "ledger-key": (
        ("key",),
        lambda case, _: [ledger_key(case["consumer"], case["source"], case["id"], case.get("replayId"))],
    ),
    "ledger-statements": (("statement",), _statement),
    "outbox-row": (("item", "step"), _outbox),
    "redelivery": (("expect",), _judged),
    "schema-subset": (("at",), _subset),
    "tenant-group": (("group",), lambda case, _: [tenant_group("tenant", {"type": "thing.happened", "data": case["data"]})]),
}
"""Per file: the fields that hold what a case expects, and what Python makes of it."""
