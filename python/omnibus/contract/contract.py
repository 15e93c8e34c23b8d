"""An event, declared once: its type, its version, its topic and the shape of its data."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import ContractError
from ..limits import MAX_FILTERABLE
from ..names import is_fifo, is_topic_name
from ..schema import Check, compile_schema
from .event_type import dataschema_of, is_event_type
from .tenant_group import Tenant
from .text import show_value

Upcast = Callable[[Any], Any]
_attribute = re.compile(r"(?!\.|aws\.|amazon\.)(?!.*\.\.)[A-Za-z0-9_.-]{1,256}(?<!\.)", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Contract:
    """What `define_event` makes."""

    type: str
    version: int
    topic: str
    """Without the bus; it ends in `.fifo` where events are ordered by `partitionkey`."""
    schema: Mapping[str, Any] | bool
    check: Check
    filterable: tuple[str, ...]
    sensitive: frozenset[str]
    upcast: Mapping[int, Upcast]
    """From version N to N + 1, by N."""
    tenant: Tenant | None = None
    """Whose an event is, on a standard topic: a field of its data, or a function of the event."""

    @property
    def key(self) -> str:
        """`order.created:1`: how settings and logs name it."""
        return f"{self.type}:{self.version}"

    @property
    def dataschema(self) -> str:
        """`urn:omnibus:order.created:1`."""
        return dataschema_of(self.type, self.version)


def define_event(
    event_type: str,
    *,
    version: int,
    topic: str,
    schema: Mapping[str, Any] | bool,
    filterable: Sequence[str] = (),
    sensitive: Sequence[str] = (),
    upcast: Mapping[int, Upcast] | None = None,
    tenant: Tenant | None = None,
) -> Contract:
    """Declares an event. `schema` is a JSON Schema in the subset of docs/python.md; `tenant` tells whose an event is.

    Raises `ContractError` for what can never work.

        order_created = define_event(
            "order.created", version=1, topic="orders",
            schema={"type": "object", "required": ["orderId"], "properties": {"orderId": {"type": "string"}}},
        )
    """
    if not is_event_type(event_type):
        raise ContractError(
            "contract-type", f"event type {show_value(event_type)} is not allowed: a noun and a past tense, as in order.created"
        )
    if isinstance(version, bool) or not isinstance(version, int) or not 1 <= version <= 999_999_999:
        raise ContractError("contract-version", f"{event_type}: version {version!r} is not allowed: use a positive integer")
    if not is_topic_name(topic):
        raise ContractError("contract-topic", f"{event_type}: topic {topic!r} is not allowed: kebab-case, without the bus's name")
    _check_filterable(event_type, filterable)
    if tenant is not None and (is_fifo(topic) or tenant == "" or not (callable(tenant) or isinstance(tenant, str))):
        raise ContractError(
            "contract-tenant",
            f"{event_type}: tenant {show_value(tenant)} is not allowed on topic {topic}: a field of the data or a function of the event, and not on an ordered topic, whose group is the partitionkey",
        )
    steps = dict(upcast or {})
    _check_upcast(event_type, version, steps)
    try:
        check = compile_schema(schema)
    except ContractError as error:
        raise ContractError(error.code, f"{event_type}: {error.message}") from error
    return Contract(event_type, version, topic, schema, check, tuple(filterable), frozenset(sensitive), steps, tenant)


def _check_filterable(event_type: str, fields: Sequence[str]) -> None:
    for field in fields:
        if field in ("type", "omnibus") or not _attribute.fullmatch(field):
            raise ContractError("contract-filterable", f"{event_type}: the field {show_value(field)} cannot be filterable")
    if len(fields) > MAX_FILTERABLE or len(set(fields)) < len(fields):
        raise ContractError(
            "contract-filterable", f"{event_type}: at most {MAX_FILTERABLE} filterable fields, each named once"
        )


def _check_upcast(event_type: str, version: int, steps: Mapping[int, Upcast]) -> None:
    if steps and (min(steps) < 1 or sorted(steps) != list(range(min(steps), version))):
        raise ContractError(
            "contract-upcast",
            f"{event_type}: upcast has the versions {sorted(steps)}; it needs every one from its lowest to {version - 1}",
        )
    for step, function in steps.items():
        if inspect.iscoroutinefunction(function):
            raise ContractError(
                "contract-upcast",
                f"{event_type}: upcast {step} is an async function, and nothing awaits it there: let it return the newer data itself",
            )
