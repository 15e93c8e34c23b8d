"""The ledger's statements, in PartiQL, letter by letter those of every other language.

`test/vectors/ledger-statements.json` holds them. Attribute names stand in double quotes, since several are
reserved words; on the right of an `=` they must not, which is why `attempts` is none.
"""

from __future__ import annotations

from typing import Any

from ..contract.wire_message import emits_text
from .ports import ClaimRequest, ClaimTerms, Ending, LedgerEvent, RecordRequest

Statement = dict[str, Any]

_same_data = '"hash"=?'
# Released, or claimed and its lease is over; written without a bare OR, which MiniStack refuses beside a key.
_free = """NOT ("state"<>'released' AND NOT ("state"='claimed' AND "lease"<=?))"""
_ours = """"owner"=? AND "state"='claimed'"""
_idle = """NOT ("state"='claimed' AND "lease">?)"""


def _text(value: str) -> dict[str, str]:
    return {"S": value}


def _number(value: int) -> dict[str, str]:
    return {"N": str(value)}


class Statements:
    """The statements of one table. `expires` is in seconds since the epoch; times in milliseconds."""

    def __init__(self, table: str) -> None:
        where = 'WHERE "pk"=?'
        update = f'UPDATE "{table}"'
        into = f'INSERT INTO "{table}" VALUE'
        event = "'pk':?,'v':1,'consumer':?,'source':?,'id':?,'type':?,'time':?,'hash':?,'attempts':?,'expires':?"
        ended = "'owner':'','lease':0,'ended':?"
        set_done = """SET "state"='done',"ended"=?,"expires"=?"""
        set_dead = '"ended"=?,"expires"=?'
        self._insert_claim = f"{into} {{{event},'state':'claimed','owner':?,'lease':?}}"
        self._insert_done = f"{into} {{{event},'state':'done',{ended}}}"
        self._insert_done_emits = f"{into} {{{event},'state':'done',{ended},'emits':?}}"
        self._insert_dead = f"{into} {{{event},'state':'dead',{ended},'reason':?}}"
        self._take_over = (
            f"""{update} SET "state"='claimed',"owner"=?,"lease"=?,"expires"=?,attempts=attempts+1 """
            f"{where} AND {_same_data} AND {_free} RETURNING ALL OLD *"
        )
        self._done = f"{update} {set_done} {where} AND {_ours}"
        self._done_emits = f'{update} {set_done},"emits"=? {where} AND {_ours}'
        self._dead = f"""{update} SET "state"='dead',{set_dead},"reason"=? {where} AND {_ours}"""
        self._released = f"""{update} SET "state"='released',"expires"=? {where} AND {_ours}"""
        self._released_unrun = f"""{update} SET "state"='released',"expires"=?,attempts=attempts-1 {where} AND {_ours}"""
        self._redrive = (
            f"""{update} SET "state"='claimed',"owner"=?,"lease"=?,"expires"=?,"attempts"=1 """
            f"""{where} AND {_same_data} AND "state"='dead'"""
        )
        undone = f"""{where} AND {_same_data} AND "state"<>'done'"""
        over = """"owner"='',"ended"=?,"expires"=?,"attempts"=?"""
        self._over_done = f"""{update} SET "state"='done',{over} {undone}"""
        self._over_done_emits = f"""{update} SET "state"='done',{over},"emits"=? {undone}"""
        self._over_dead = f"""{update} SET "state"='dead',{over},"reason"=? {undone} AND {_idle}"""
        self._sent = f"""{update} REMOVE "emits" {where} AND "state"='done'"""
        self._read = f'SELECT * FROM "{table}" {where}'

    def claim(self, request: ClaimRequest, terms: ClaimTerms, expires: int) -> Statement:
        """A first claim: fails as `DuplicateItem` where an item is."""
        values = [*_event_values(request.event, 1, expires), _text(terms.owner), _number(terms.lease_ends_ms)]
        return _inserted(self._insert_claim, request.event, values)

    def take_over(self, request: ClaimRequest, terms: ClaimTerms, expires: int, now_ms: int) -> Statement:
        """A later claim: fails where the item is done, held, of other data, or absent. Brings the old item back."""
        values = [_text(terms.owner), _number(terms.lease_ends_ms), _number(expires)]
        return _telling(self._take_over, [*values, _text(request.event.key), _text(request.event.hash), _number(now_ms)])

    def redrive(self, request: ClaimRequest, terms: ClaimTerms, expires: int) -> Statement:
        """A claim of a dead one, with all its attempts again: fails where it is no longer dead."""
        values = [_text(terms.owner), _number(terms.lease_ends_ms), _number(expires)]
        return _telling(self._redrive, [*values, _text(request.event.key), _text(request.event.hash)])

    def end(self, ending: Ending, owner: str, expires: int, now_ms: int) -> Statement:
        """Ends a claim, fenced by its owner."""
        fence = [_text(ending.key), _text(owner)]
        times = [_number(now_ms), _number(expires)]
        if ending.to == "released":
            return _telling(self._released if ending.started else self._released_unrun, [_number(expires), *fence])
        if ending.to == "dead":
            return _telling(self._dead, [*times, _text(ending.reason), *fence])
        if ending.emits:
            return _telling(self._done_emits, [*times, _text(emits_text(ending.emits)), *fence])
        return _telling(self._done, [*times, *fence])

    def record(self, request: RecordRequest, expires: int, now_ms: int) -> Statement:
        """What was done without a claim before it: fails as `DuplicateItem` where an item is."""
        values = [*_event_values(request.event, request.attempts, expires), _number(now_ms)]
        if request.ending.to == "dead":
            return _inserted(self._insert_dead, request.event, [*values, _text(request.ending.reason)])
        if not request.ending.emits:
            return _inserted(self._insert_done, request.event, values)
        return _inserted(self._insert_done_emits, request.event, [*values, _text(emits_text(request.ending.emits))])

    def record_over(self, request: RecordRequest, expires: int, now_ms: int) -> Statement:
        """A record over an item that is not done, and dead over none that is being worked on."""
        values = [_number(now_ms), _number(expires), _number(request.attempts)]
        condition = [_text(request.event.key), _text(request.event.hash)]
        if request.ending.to == "dead":
            values = [*values, _text(request.ending.reason), *condition, _number(now_ms)]
            return _plain(self._over_dead, values)
        if not request.ending.emits:
            return _plain(self._over_done, [*values, *condition])
        return _plain(self._over_done_emits, [*values, _text(emits_text(request.ending.emits)), *condition])

    def sent(self, key: str) -> Statement:
        """Forgets emitted events that are published."""
        return _plain(self._sent, [_text(key)])

    def read(self, key: str) -> Statement:
        """One item, consistently."""
        return {**_plain(self._read, [_text(key)]), "ConsistentRead": True}


def _plain(statement: str, parameters: list[dict[str, str]]) -> Statement:
    return {"Statement": statement, "Parameters": parameters}


def _inserted(statement: str, event: LedgerEvent, parameters: list[dict[str, str]]) -> Statement:
    """Of an event that a replay runs again, the item says so: last, so that one text is the other's beginning."""
    if event.replay is None:
        return _plain(statement, parameters)
    return _plain(statement[:-1] + ",'replay':?}", [*parameters, _text(event.replay)])


def _telling(statement: str, parameters: list[dict[str, str]]) -> Statement:
    """A failed condition brings the item back where DynamoDB can: it saves the read."""
    return {**_plain(statement, parameters), "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}


def _event_values(event: LedgerEvent, attempts: int, expires: int) -> list[dict[str, str]]:
    texts = (event.key, event.consumer, event.source, event.id, event.type, event.time, event.hash)
    return [*(_text(value) for value in texts), _number(attempts), _number(expires)]
