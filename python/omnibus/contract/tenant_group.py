"""Whose an event is: its message group on a standard topic, whose queues are fair then."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any, Union

from ..errors import InvalidEventError
from .es_number import es_number
from .text import show_value

Tenant = Union[str, Callable[[Mapping[str, Any]], Any]]
"""A field of the data, or a function of the event (`id`, `source`, `type`, `subject`, `partitionkey`, `data`)."""

GROUP_ID = re.compile(r"[!-~]{1,128}")
"""A message group's id. (API_Publish: MessageGroupId)"""


def tenant_group(tenant: Tenant, event: Mapping[str, Any]) -> str | None:
    """The message group of the event's tenant, or `None` where it has none.

    A key that SQS would refuse as a group travels as its SHA-256 in hex. Raises `InvalidEventError` (`tenant`).
    """
    key = _key_of(tenant, event)
    if key is None or key == "":
        return None
    if isinstance(key, bool):
        text = "true" if key else "false"
    elif isinstance(key, (int, float)):
        text = es_number(key)
    elif isinstance(key, str):
        text = key
    else:
        raise InvalidEventError(
            "tenant", f"{event['type']}: its tenant is {show_value(key)}; a text or a number is allowed, or nothing; nothing was sent"
        )
    return text if GROUP_ID.fullmatch(text) else hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _key_of(tenant: Tenant, event: Mapping[str, Any]) -> Any:
    if isinstance(tenant, str):
        data = event["data"]
        return data.get(tenant) if isinstance(data, dict) else None
    try:
        return tenant(event)
    except Exception as error:
        raise InvalidEventError("tenant", f"{event['type']}: its tenant function raised {type(error).__name__}; nothing was sent") from error
